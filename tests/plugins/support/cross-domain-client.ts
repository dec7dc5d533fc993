import { parseSetCookieHeader } from "better-auth/cookies";
import { SITE } from "./app.js";

/** A client on another site: cookies are ones that it keeps itself, and its requests carry an `Origin`. */
export function createClientStorage(
  handler: (request: Request) => Promise<Response>,
  origin: string,
) {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async request(path: string, { body, headers }: { body?: unknown; headers?: HeadersInit } = {}) {
      const sent = new Headers(headers);
      sent.set("origin", origin);
      const pairs = [...cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
      sent.set("better-auth-cookie", pairs.join("; "));
      if (body !== undefined) sent.set("content-type", "application/json");
      const response = await handler(
        new Request(new URL(`/api/auth${path}`, SITE), {
          method: body === undefined ? "GET" : "POST",
          headers: sent,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
      const mirrored = response.headers.get("set-better-auth-cookie") ?? "";
      for (const [name, cookie] of parseSetCookieHeader(mirrored)) {
        if (cookie.value === "" || cookie["max-age"] === 0) cookies.delete(name);
        else cookies.set(name, cookie.value);
      }
      return response;
    },
  };
}
