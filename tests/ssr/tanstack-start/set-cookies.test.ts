/** Set-Cookie behind Vite's development server, with Node's own response and what srvx does with it (1.0). */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  appendResponseHeader,
  createServerEntry,
  getResponseHeaders,
  setCookie,
} from "@tanstack/react-start/server";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createServerAuth } from "../../../js/tanstack-start/server-auth.js";
import type { StartAuth } from "../../../js/tanstack-start/types.js";
import { tokenOf } from "../support/tokens.js";
import type { Upstream } from "../support/upstream.js";
import { json, startUpstream } from "../support/upstream.js";

const COOKIES = ["better-auth.session_data=1; Path=/", "better-auth.convex_jwt=2; Path=/"];
let upstream: Upstream;
let auth: StartAuth;

beforeEach(async () => {
  upstream = await startUpstream();
  auth = createServerAuth({
    convexUrl: upstream.origin.replace("127.0.0.1", "localhost"),
    convexSiteUrl: upstream.origin,
    siteUrl: "http://localhost:3000",
  });
  upstream.on("/api/auth/convex/token", (response) =>
    json(
      response,
      { token: tokenOf(upstream.origin, 900) },
      { headers: { "set-cookie": COOKIES } },
    ),
  );
});
afterEach(() => upstream[Symbol.asyncDispose]());

/** The cookies of Start's answer, with or without a header that is there before it. */
async function cookiesThrough(
  answer: (request: Request) => Promise<Response>,
  hasHeader: boolean,
): Promise<string[]> {
  const { fetch: start } = createServerEntry({ fetch: answer });
  const server = createServer((incoming, node) => {
    if (hasHeader) node.setHeader("Vary", "Origin");
    const request = new Request(`http://localhost:3000${incoming.url ?? ""}`, {
      headers: { cookie: "better-auth.session_token=ada" },
    });
    Object.assign(request, { runtime: { node: { res: node } } });
    void Promise.resolve(start(request)).then(async (response) => {
      node.writeHead(response.status, response.statusText, [...response.headers].flat());
      node.end(await response.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const { headers } = await fetch(`http://localhost:${String(port)}/api/auth/convex/token`);
  await new Promise((resolve) => server.close(resolve));
  expect(headers.get("vary")).toBe(hasHeader ? "Origin" : null);
  return headers.getSetCookie();
}

it.each([true, false])(
  "of the auth endpoints arrive each, where another header is there before: %s",
  async (hasHeader) => {
    expect(await cookiesThrough((request) => auth.handler(request), hasHeader)).toEqual(COOKIES);
  },
);

it.each([true, false])(
  "of a page arrive each, with the app's own, where another header is there before: %s",
  async (hasHeader) => {
    const page = async (): Promise<Response> => {
      setCookie("theme", "dark", { path: "/" });
      await auth.rootAuth({});
      appendResponseHeader("set-cookie", "late=1");
      // What Start itself does once the page is rendered.
      return new Response("page", { headers: [...getResponseHeaders()] });
    };
    const cookies = await cookiesThrough(page, hasHeader);
    expect(cookies.sort()).toEqual([...COOKIES, "late=1", "theme=dark; Path=/"].sort());
  },
);
