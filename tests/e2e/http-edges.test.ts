/** What the mounted routes do with requests that are not the usual ones, on the local host. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { SessionsApp } from "./sessions-app.js";
import { ORIGIN, PASSWORD, startSessionsApp } from "./sessions-app.js";

let app: SessionsApp;
let base: string;
beforeAll(async () => {
  app = await startSessionsApp("http-edges");
  base = `${app.host.siteUrl}/api/auth`;
});
afterAll(() => app.close());

const ask = (path: string, init: RequestInit = {}) =>
  fetch(path.startsWith("http") ? path : base + path, { redirect: "manual", ...init });

describe("the public documents", () => {
  it("lead from the root to the keys, cacheable and without a private member", async () => {
    const root = await ask(`${app.host.siteUrl}/.well-known/openid-configuration`);
    expect(root.status).toBe(302);
    // Relative: the host of a request's address is what its sender says it is.
    expect(root.headers.get("location")).toBe("/api/auth/convex/.well-known/openid-configuration");
    const discovery = await ask(`${app.host.siteUrl}${root.headers.get("location") ?? ""}`);
    const { issuer, jwks_uri: uri } = (await discovery.json()) as Record<string, string>;
    expect([issuer, uri]).toEqual([app.host.siteUrl, `${base}/convex/jwks`]);
    const jwks = await ask(uri ?? "");
    expect(jwks.headers.get("cache-control")).toBe("public, max-age=10");
    expect(jwks.headers.get("content-type")).toBe("application/json");
    const { keys } = (await jwks.json()) as { keys: object[] };
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([
      ["alg", "crv", "kid", "kty", "use", "x", "y"],
    ]);
  });

  it("follow a rotation by command, and a compromised key leaves them", async () => {
    const { browser } = await app.signUp("rotation");
    const client = new ConvexHttpClient(app.host.url, { logger: false });
    const rotate = (args: { compromised?: boolean }) =>
      client.action(makeFunctionReference<"action">("auth:rotateKeys"), args) as Promise<{
        current: string;
        next: { id: string } | null;
        withdrawn: string[];
      }>;
    const published = async (): Promise<string[]> => {
      const { keys } = (await (await ask("/convex/jwks")).json()) as { keys: { kid: string }[] };
      return keys.map(({ kid }) => kid);
    };
    const kidOf = async (): Promise<unknown> =>
      decodeProtectedHeader((await browser.token(false)) ?? "").kid;
    const planned = await rotate({});
    expect(await published()).toEqual([planned.current, planned.next?.id]);
    expect(await kidOf()).toBe(planned.current);
    const urgent = await rotate({ compromised: true });
    expect(urgent).toEqual({
      current: expect.any(String) as string,
      next: null,
      withdrawn: [planned.current, planned.next?.id],
    });
    expect(await published()).toEqual([urgent.current]);
    // Until whoever has the old set has fetched the new one.
    expect((await browser.get("/convex/token")).status).toBe(503);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10_000 });
    expect(await kidOf()).toBe(urgent.current);
    vi.useRealTimers();
  });

  it.each([
    "Bearer not-a-jwt",
    "Bearer a.b.c",
    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
    "Basic dXNlcjpwYXNz",
    "Bearer",
    `Bearer ${"x".repeat(4000)}`,
  ])("do not break on the header Authorization: %s", async (authorization) => {
    const headers = { authorization };
    for (const path of ["/ok", "/convex/jwks", "/convex/.well-known/openid-configuration"])
      expect([path, (await ask(path, { headers })).status]).toEqual([path, 200]);
    const session = await ask("/get-session", { headers });
    expect([session.status, await session.json()]).toEqual([200, null]);
    expect((await ask("/convex/token", { headers })).status).toBe(401);
    // The app's own endpoint, which asks who is signed in.
    const own = await ask(`${app.host.siteUrl}/public`, { headers });
    expect([own.status, await own.json()]).toEqual([200, { user: null }]);
  });
});

describe("CORS, with trusted origins from a function", () => {
  const preflight = (origin: string) =>
    ask("/sign-in/email", {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, x-theirs",
      },
    });

  it("a preflight of a trusted origin is a 204 that allows what is needed", async () => {
    const response = await preflight(ORIGIN);
    expect([response.status, await response.text()]).toEqual([204, ""]);
    const header = (name: string) => response.headers.get(`access-control-${name}`) ?? "";
    expect(header("allow-origin")).toBe(ORIGIN);
    expect(header("allow-credentials")).toBe("true");
    expect(header("allow-methods")).toContain("POST");
    for (const name of [
      ...["Content-Type", "Better-Auth-Cookie", "Authorization", "X-Theirs"],
      ...["X-API-Key", "DPoP", "Expo-Origin", "Traceparent"],
      ...["X-PoW-Solution", "X-Request-Id", "X-Visitor-Id"],
    ])
      expect(header("allow-headers")).toContain(name);
  });

  it.each([
    "http://localhost:5174",
    "http://localhost:51730",
    "https://localhost:5173",
    "http://localhost:5173.evil.example",
    "http://evil.example/http://localhost:5173",
    "null",
  ])("%s is nobody's friend", async (origin) => {
    const both = await Promise.all([preflight(origin), ask("/ok", { headers: { origin } })]);
    for (const { headers } of both) {
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("access-control-allow-credentials")).toBeNull();
      expect(headers.get("vary")).toContain("Origin");
    }
  });

  it("answers expose what clients have to read, the app's own headers too", async () => {
    const { headers } = await ask("/get-session", { headers: { origin: ORIGIN } });
    expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
    for (const name of ["Set-Better-Auth-Cookie", "Retry-After", "X-Ours"])
      expect(headers.get("access-control-expose-headers")).toContain(name);
  });
});

describe("methods, statuses and bodies", () => {
  const post = (path: string, body: object) =>
    ask(path, {
      method: "POST",
      headers: { origin: ORIGIN, "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  it("cookies arrive one header each, with the commas that they have", async () => {
    const { email } = await app.signUp("cookies");
    const { headers } = await post("/sign-in/email", { email, password: PASSWORD });
    const names = headers.getSetCookie().map((cookie) => cookie.split("=")[0]);
    expect(names.sort()).toEqual(["better-auth.convex_jwt", "better-auth.session_token"]);
  });

  it("HEAD is GET without a body", async () => {
    for (const path of ["/ok", "/convex/jwks"]) {
      const [head, get] = await Promise.all([ask(path, { method: "HEAD" }), ask(path)]);
      expect([head.status, await head.text()]).toEqual([200, ""]);
      for (const name of ["content-type", "cache-control"])
        expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
    // A mail scanner's look at a link uses nothing up.
    const scanned = await ask("/verify-email?token=x", { method: "HEAD" });
    expect([scanned.status, scanned.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("a redirect keeps its status and its target", async () => {
    const response = await ask("/verify-email?token=x&callbackURL=%2Fwelcome");
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("/welcome?error=INVALID_TOKEN");
  });

  it("large bodies pass in both directions, and absurd ones are refused and not crashed on", async () => {
    const { browser } = await app.signUp("large");
    const name = "n".repeat(200_000);
    expect((await browser.post("/update-user", { name })).status).toBe(200);
    const { body } = await browser.get("/get-session");
    expect((body as { user: { name: string } }).user.name).toBe(name);
    const absurd = await post("/sign-in/email", {
      email: "large@example.com",
      password: "p".repeat(3_000_000),
    });
    expect([absurd.status, await absurd.json()]).toEqual([
      400,
      expect.objectContaining({ code: "PASSWORD_TOO_LONG" }),
    ]);
  });

  it("what is no JSON, no endpoint and no method of an endpoint says so", async () => {
    const broken = await ask("/sign-in/email", {
      method: "POST",
      headers: { origin: ORIGIN, "content-type": "application/json" },
      body: "{",
    });
    expect(broken.status).toBe(400);
    expect((await ask("/nothing-here")).status).toBe(404);
    expect((await post("/ok", {})).status).toBe(404);
  });
});

describe("without a secret", () => {
  it("nothing works, and the frontend can read why", async () => {
    await app.host.setEnv({ BETTER_AUTH_SECRET: undefined });
    const answer = await ask("/sign-up/email", {
      method: "POST",
      headers: { origin: ORIGIN, "content-type": "application/json" },
      body: JSON.stringify({ email: "eve@example.com", password: PASSWORD, name: "Eve" }),
    });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([
      500,
      ORIGIN,
    ]);
    expect(await answer.json()).toEqual({
      code: "ENV_MISSING",
      message: expect.stringContaining(
        'npx convex env set BETTER_AUTH_SECRET "$(openssl rand -base64 32)"',
      ) as string,
    });
    await expect(
      new ConvexHttpClient(app.host.url).query(
        makeFunctionReference<"query">("auth:sessionInQuery"),
        {},
      ),
    ).rejects.toThrow("BETTER_AUTH_SECRET");
  });
});
