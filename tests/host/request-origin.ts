/**
 * What the backend knows of a request from outside (convex-backend, August 2026: `common/src/http/mod.rs`,
 * `local_backend/src/http_actions.rs`): headers are believed, so that only a proxy in front which rewrites them makes them
 * true.
 */
import type { IncomingMessage } from "node:http";
import { requestId } from "./refusal.js";

/** Where a request came from, and its id. */
export interface RequestOrigin {
  ip: string | null;
  userAgent: string | null;
  requestId: string;
}

/** Reads it. With `edge` the proxy of Convex's cloud is imitated, which tells the address that it saw itself. */
export function originOf({ headers, socket }: IncomingMessage, edge: boolean): RequestOrigin {
  const hops = String(headers["x-forwarded-for"] ?? "").split(",");
  const named = hops.at(edge ? -1 : 0)?.trim() ?? "";
  const socketAddress = socket.remoteAddress?.replace(/^::ffff:/, "") ?? null;
  return {
    ip: headers["x-forwarded-for"] === undefined ? socketAddress : named,
    userAgent: headers["user-agent"] ?? null,
    requestId: String(headers["convex-request-id"] ?? requestId()),
  };
}

/** The URL that an HTTP action is shown: scheme and host as the headers say. One slash too many in front is lost. */
export function urlOf({ headers, url = "/" }: IncomingMessage): URL {
  const forwarded = String(headers["forwarded"] ?? "").split(",")[0] ?? "";
  const part = (name: string): string | undefined =>
    new RegExp(`(?:^|;)\\s*${name}="?([^";]+)`, "i").exec(forwarded)?.[1];
  const first = (name: string): string | undefined =>
    headers[name] === undefined ? undefined : String(headers[name]).split(",")[0]?.trim();
  const scheme = first("x-forwarded-proto") ?? part("proto") ?? "http";
  const host = part("host") ?? first("x-forwarded-host") ?? headers.host ?? "localhost";
  return new URL(`${scheme}://${host}${url.replace(/^\/\//, "/")}`);
}
