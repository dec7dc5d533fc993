/** What runs before the pages of a Next.js app, with Next's own request and response. */
import { NextRequest } from "next/server.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createNextAuth } from "../../../js/nextjs/index.js";
import type { ProxyOptions } from "../../../js/nextjs/index.js";
import { quiet } from "../support/quiet.js";
import { tokenOf } from "../support/tokens.js";
import type { Upstream } from "../support/upstream.js";
import { json, startUpstream } from "../support/upstream.js";

const TOKEN = "/api/auth/convex/token";
const SESSION = "better-auth.session_token=t.s";
const GATE: ProxyOptions = { signInPath: "/sign-in", publicPaths: ["/about", "/blog/*"] };
let upstream: Upstream;
let fresh: string;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream[Symbol.asyncDispose]());
beforeEach(() => {
  upstream.arrived.length = 0;
  fresh = tokenOf(upstream.origin, 900);
  upstream.on(TOKEN, (response) => {
    response.setHeader("set-cookie", [
      `better-auth.convex_jwt=${fresh}; Max-Age=900; Path=/; HttpOnly`,
      "better-auth.session_data=; Max-Age=0; Path=/",
    ]);
    json(response, { token: fresh });
  });
});

const auth = (basePath?: string) =>
  createNextAuth({
    basePath,
    convexUrl: upstream.origin,
    convexSiteUrl: upstream.origin,
    siteUrl: "http://localhost:3000",
  });
const run = (path: string, cookie?: string, gate = GATE, method = "GET") =>
  auth().proxy(gate)(
    new NextRequest(`http://localhost:3000${path}`, {
      method,
      headers: cookie === undefined ? {} : { cookie },
    }),
  );
const live = () => `${SESSION}; better-auth.convex_jwt=${tokenOf(upstream.origin, 800)}`;
const asked = () => upstream.arrived.length;
/** Next's way to say what the page gets instead of the request's own headers. */
const cookieOfPage = (response: Response) => response.headers.get("x-middleware-request-cookie");

describe("renewal", () => {
  it("is none while the cookie lives, and the page gets the request as it is", async () => {
    const response = await run("/", live());
    expect(response.headers.get("x-middleware-next")).toBe("1");
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(cookieOfPage(response)).toBeNull();
    expect(asked()).toBe(0);
  });

  it("gives the browser each cookie, and the page of this very request the new one", async () => {
    const before = `theme=dark; ${SESSION}; better-auth.session_data=old; better-auth.convex_jwt=old`;
    const response = await run("/", before);
    expect(asked()).toBe(1);
    expect(upstream.arrived[0]?.url).toBe(TOKEN);
    expect(response.headers.getSetCookie()).toHaveLength(2);
    expect(cookieOfPage(response)).toBe(`theme=dark; ${SESSION}; better-auth.convex_jwt=${fresh}`);
  });

  it("keeps its cookies from caches, which keep prerendered pages, and leaves other answers as they are", async () => {
    const said = async (cookie?: string) =>
      (await run("/about", cookie)).headers.get("cache-control");
    expect([await said(SESSION), await said(live()), await said()]).toEqual([
      "private, no-store",
      null,
      null,
    ]);
  });

  it.each(["/api/auth/get-session", "/api/auth", "/_next/static/a.js", "/_next/image"])(
    "leaves %s alone",
    async (path) => {
      const response = await run(path, SESSION);
      expect(response.headers.get("x-middleware-next")).toBe("1");
      expect(asked()).toBe(0);
    },
  );

  it("is all that happens without a path to sign in at", async () => {
    expect((await run("/", undefined, {})).headers.get("x-middleware-next")).toBe("1");
    expect((await run("/", SESSION, {})).headers.getSetCookie()).toHaveLength(2);
  });
});

describe("the gate", () => {
  it.each([
    ["/", "/"],
    ["/notes?of=ada&n=1", "/notes?of=ada&n=1"],
    ["/about/us", "/about/us"],
    ["/blogs", "/blogs"],
    ["/sign-in/else", "/sign-in/else"],
    ["/api/authors", "/api/authors"],
    ["//evil.example/x", "//evil.example/x"],
  ])("sends somebody without a session from %s to the form, which is told so", async (path, to) => {
    const response = await run(path);
    expect(response.status).toBe(307);
    const location = new URL(response.headers.get("location") ?? "");
    expect(location.origin + location.pathname).toBe("http://localhost:3000/sign-in");
    expect(location.searchParams.get("redirectTo")).toBe(to);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(asked()).toBe(0);
  });

  it.each(["/sign-in", "/sign-in/", "/sign-in?redirectTo=%2F", "/about", "/blog", "/blog/a/b"])(
    "lets everybody see %s",
    async (path) => {
      expect((await run(path)).headers.get("x-middleware-next")).toBe("1");
    },
  );

  it.each(["/über", "/über/*", "/%C3%BCber"])("lets everybody see %s, encoded", async (each) => {
    const gate = { ...GATE, publicPaths: [each] };
    expect((await run("/%C3%BCber", undefined, gate)).headers.get("x-middleware-next")).toBe("1");
    expect((await run("/%C3%BCberall", undefined, gate)).status).toBe(307);
  });

  it.each([
    ...["/%61bout/us", "/About/us", "/blog/../notes", "/blog/%2e%2e/notes", "/about/../notes"],
    ...["/_next/../notes", "/api/auth/../../notes", "/blog%2f..%2fnotes", "/de/about", "/about%2f"],
  ])("is not passed by another spelling: %s", async (path) => {
    expect((await run(path)).status).toBe(307);
  });

  it("is below the app's basePath, and leaves the auth endpoints there alone", async () => {
    const nextConfig = { basePath: "/app", trailingSlash: true };
    const proxy = auth("/app/api/auth").proxy(GATE);
    const at = (path: string) =>
      proxy(new NextRequest(`http://localhost:3000${path}`, { nextConfig }));
    for (const path of ["/app/api/auth/ok/", "/app/about/", "/app/sign-in/"])
      expect((await at(path)).headers.get("x-middleware-next"), path).toBe("1");
    expect((await at("/app/notes/")).headers.get("location")).toBe(
      "http://localhost:3000/app/sign-in/?redirectTo=%2Fnotes%2F",
    );
  });

  it("lets a signed-in user pass", async () => {
    expect((await run("/", live())).headers.get("x-middleware-next")).toBe("1");
  });

  it("sends on with the cookies that the deployment cleared", async () => {
    upstream.on(TOKEN, (response) => {
      response.setHeader("set-cookie", "better-auth.convex_jwt=; Max-Age=0; Path=/");
      json(response, { code: "UNAUTHENTICATED" }, { status: 401 });
    });
    const response = await run("/", SESSION);
    expect(response.status).toBe(307);
    expect(response.headers.getSetCookie()).toEqual(["better-auth.convex_jwt=; Max-Age=0; Path=/"]);
  });

  it("makes a GET of what was posted", async () => {
    expect((await run("/", undefined, GATE, "POST")).status).toBe(303);
  });

  it.each([500, 503, 429])("sends nobody away when the deployment answers %i", async (status) => {
    quiet();
    upstream.on(TOKEN, (response) => json(response, {}, { status }));
    expect((await run("/", SESSION)).headers.get("x-middleware-next")).toBe("1");
    expect(asked()).toBe(1);
  });
});
