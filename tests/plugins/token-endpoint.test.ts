import { createLocalJWKSet, jwtVerify } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { getAuthConfigProvider } from "../../js/auth-config/index.js";
import { createApp, createBrowser, decode, SITE } from "./support/app.js";
import type { App } from "./support/app.js";

afterEach(() => void vi.useRealTimers());

async function signedIn(app: App, email = "ada@example.com") {
  const browser = app.browser();
  expect((await browser.signUp(email)).status).toBe(200);
  app.store.forgetCalls();
  return browser;
}

const none = { tokenContext: 0, storeToken: 0, renewing: 0, listKeys: 0, addKey: 0, retireKey: 0 };

describe("calls of the component", () => {
  it("cold: one query, one key made, one token stored", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    app.store.keys = [];
    await browser.token();
    expect(app.store.calls).toEqual({ ...none, tokenContext: 1, addKey: 1, storeToken: 1 });
  });

  it("with a key but no cached token: one query and one mutation", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    await browser.token();
    expect(app.store.calls).toEqual({ ...none, tokenContext: 1, storeToken: 1 });
  });

  it("warm: one query, nothing written, the same token", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    const first = await browser.token();
    app.store.forgetCalls();
    expect(await browser.token()).toBe(first);
    expect(await browser.token("?fresh=0")).toBe(first);
    expect(app.store.calls).toEqual({ ...none, tokenContext: 2 });
  });

  it("a request without a session cookie costs no call", async () => {
    const app = createApp();
    const response = await app.browser().request("/convex/token");
    expect(response.status).toBe(401);
    expect(app.store.calls).toEqual(none);
  });

  it("sign-up: one look at the keys (the first also makes one), no token stored", async () => {
    const app = createApp();
    await app.browser().signUp("a@example.com");
    expect(app.store.calls).toEqual({ ...none, listKeys: 1, addKey: 1 });
    app.store.forgetCalls();
    await app.browser().signUp("b@example.com");
    expect(app.store.calls).toEqual({ ...none, listKeys: 1 });
  });

  it("50 concurrent first requests make one key and all their tokens verify", async () => {
    // ES256, because each loser of the race has made a key as well and RSA keys take long.
    const authConfig = { providers: [getAuthConfigProvider({ algorithm: "ES256" })] };
    const app = createApp({ convexOptions: { authConfig } });
    const browser = await signedIn(app);
    app.store.keys = [];
    const tokens = await Promise.all(Array.from({ length: 50 }, () => browser.token("?fresh=1")));
    expect(app.store.keys).toHaveLength(1);
    const jwks = createLocalJWKSet(await (await browser.request("/convex/jwks")).json());
    for (const token of tokens) await jwtVerify(token, jwks, { issuer: SITE, audience: "convex" });
    expect(new Set(tokens).size).toBe(50);
  });
});

describe("freshness", () => {
  it("a forced refresh gives another token with a later iat, and that one is cached", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    const cached = await browser.token();
    const fresh = await browser.token("?fresh=1");
    expect(fresh).not.toBe(cached);
    expect(decode(fresh).claims["iat"]).toBeGreaterThan(Number(decode(cached).claims["iat"]));
    expect(await browser.token()).toBe(fresh);
  });

  it("many forced refreshes in one second never repeat a token nor run ahead of the clock", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = createApp();
    const browser = await signedIn(app);
    const tokens = [];
    for (let i = 0; i < 12; i += 1) tokens.push(await browser.token("?fresh=1"));
    expect(new Set(tokens).size).toBe(12);
    const latest = Math.max(...tokens.map((token) => Number(decode(token).claims["iat"])));
    // Convex refuses an iat more than 5 s ahead.
    expect(latest - Math.floor(Date.now() / 1000)).toBeLessThanOrEqual(2);
  });

  it("without the cache each forced token still differs", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = createApp({ convexOptions: { jwtCache: false } });
    const browser = await signedIn(app);
    const tokens = [await browser.token("?fresh=1"), await browser.token("?fresh=1")];
    expect(tokens[0]).not.toBe(tokens[1]);
    expect(app.store.calls.storeToken).toBe(0);
  });

  it("a cached token is handed out for half its life by default", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = createApp();
    const browser = await signedIn(app);
    const first = await browser.token();
    vi.setSystemTime(Date.now() + 449_000);
    expect(await browser.token()).toBe(first);
    vi.setSystemTime(Date.now() + 2000);
    expect(await browser.token()).not.toBe(first);
  });

  it("and for as long as the app says", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = createApp({ convexOptions: { jwtCache: { ttlSeconds: 60 } } });
    const browser = await signedIn(app);
    const first = await browser.token();
    vi.setSystemTime(Date.now() + 59_000);
    expect(await browser.token()).toBe(first);
    vi.setSystemTime(Date.now() + 2000);
    expect(await browser.token()).not.toBe(first);
  });

  it("a cached token whose claims are out of date is not handed out", async () => {
    const app = createApp({ convexOptions: { jwt: { claims: ["name"] } } });
    const browser = await signedIn(app);
    expect(decode(await browser.token()).claims["name"]).toBe("ada");
    const user = app.tables["user"]?.[0];
    if (user) user["name"] = "Ada L.";
    expect(decode(await browser.token()).claims["name"]).toBe("Ada L.");
  });
});

describe("a token and its session", () => {
  it("ends with the session when that is sooner", async () => {
    const app = createApp({ options: { session: { expiresIn: 300 } } });
    const browser = await signedIn(app);
    const { claims } = decode(await browser.token());
    const end = app.tables["session"]?.[0]?.["expiresAt"] as Date;
    expect(claims["exp"]).toBe(Math.floor(end.getTime() / 1000));
  });

  it("otherwise lives as long as configured", async () => {
    const app = createApp({ convexOptions: { jwt: { expirationSeconds: 120 } } });
    const { claims } = decode(await (await signedIn(app)).token());
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(120);
  });

  it.each([false, true])("is refused for a deleted session, cookie cache %s", async (enabled) => {
    const app = createApp({ options: { session: { cookieCache: { enabled } } } });
    const browser = await signedIn(app);
    await browser.token();
    app.tables["session"]?.splice(0);
    if (enabled)
      // Better Auth itself still answers from its cookie: this is the case that must not reach Convex.
      expect(await (await browser.request("/get-session")).json()).not.toBeNull();
    const response = await browser.request("/convex/token");
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(browser.cookie("convex_jwt")).toBeUndefined();
    expect((await browser.request("/convex/token?fresh=1")).status).toBe(401);
  });

  it("is refused for an expired session whose row still exists, cached token or not", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = createApp({
      options: { session: { expiresIn: 100 } },
      convexOptions: { jwtCache: { ttlSeconds: 900 } },
    });
    const browser = await signedIn(app);
    await browser.token();
    vi.setSystemTime(Date.now() + 101_000);
    expect((await browser.request("/convex/token")).status).toBe(401);
    expect((await browser.request("/convex/token?fresh=1")).status).toBe(401);
  });

  it.each([null, "2999-01-01T00:00:00.000Z", undefined])(
    "is refused for a session whose end is no time (%s), cached token or not",
    async (end) => {
      const app = createApp();
      const browser = await signedIn(app);
      await browser.token();
      const session = app.tables["session"]?.[0];
      if (session) session["expiresAt"] = end;
      expect((await browser.request("/convex/token")).status).toBe(401);
      expect((await browser.request("/convex/token?fresh=1")).status).toBe(401);
    },
  );

  it("is not taken from the cache when the session now ends before it", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    const cached = await browser.token();
    const session = app.tables["session"]?.[0];
    const end = new Date(Date.now() + 60_000);
    if (session) session["expiresAt"] = end;
    const token = await browser.token("?disableRefresh=true");
    expect(token).not.toBe(cached);
    expect(decode(token).claims["exp"]).toBe(Math.floor(end.getTime() / 1000));
  });

  it("is not handed out when the session is revoked between reading and storing", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    const storeToken = app.store.storeToken.bind(app.store);
    app.store.storeToken = async (entry) => {
      app.tables["session"]?.splice(0);
      return storeToken(entry);
    };
    expect((await browser.request("/convex/token")).status).toBe(401);
  });

  it("survives a cache that cannot be written, without the token in the log", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    app.store.storeToken = async (entry) =>
      Promise.reject(new Error(`cannot store ${entry.token}`));
    const token = await browser.token();
    expect(app.logs.join()).toContain("could not be cached");
    expect(app.logs.join()).not.toContain(token.split(".")[2]);
  });

  it("is refused for tampered and foreign cookies", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    const [name, value] = [...browser.cookies].find(([key]) => key.endsWith("session_token")) ?? [
      "",
      "",
    ];
    for (const bad of [
      value.replace(/^./, "!"),
      value.slice(0, -4),
      "x",
      value.split(".")[0] ?? "",
    ]) {
      browser.cookies.set(name, bad);
      expect((await browser.request("/convex/token")).status).toBe(401);
    }
  });
});

describe("what a token says", () => {
  it("by default: issuer, audience, subject, session and times, with alg and kid, under 1 kB", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    const token = await browser.token();
    const { header, claims } = decode(token);
    expect(header).toEqual({ alg: "RS256", kid: app.store.keys[0]?.id, typ: "JWT" });
    expect(claims).toEqual({
      iss: SITE,
      aud: "convex",
      sub: app.tables["user"]?.[0]?.["id"],
      sessionId: app.tables["session"]?.[0]?.["id"],
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    const setCookie = (await browser.request("/convex/token?fresh=1")).headers.getSetCookie();
    const cookie = setCookie.find((entry) => entry.includes("convex_jwt"));
    expect(cookie?.length).toBeLessThan(1000);
  });

  it("a refresh changes only registered claims, so the identity that Convex caches by stays the same", async () => {
    const app = createApp({
      convexOptions: { jwt: { claims: ["email"], definePayload: () => ({ plan: "free" }) } },
    });
    const browser = await signedIn(app);
    const identity = (token: string) => {
      // What convex-backend keeps of a token: everything but the registered claims.
      const { iat: _i, exp: _e, nbf: _n, jti: _j, aud: _a, ...rest } = decode(token).claims;
      return rest;
    };
    const [a, b] = [await browser.token("?fresh=1"), await browser.token("?fresh=1")];
    expect(a).not.toBe(b);
    expect(identity(a)).toEqual(identity(b));
    expect(identity(a)).toMatchObject({ email: "ada@example.com", plan: "free" });
  });

  it("definePayload gets Better Auth's records with real dates", async () => {
    const app = createApp({
      convexOptions: {
        jwt: {
          definePayload: ({ user, session }) => ({
            year: user.createdAt.getFullYear(),
            by: session.userId,
          }),
        },
      },
    });
    const { claims } = decode(await (await signedIn(app)).token());
    expect(claims).toMatchObject({
      year: new Date().getFullYear(),
      by: app.tables["user"]?.[0]?.["id"],
    });
  });

  it.each([
    ["undefined", () => undefined],
    ["null", () => null],
    ["a promise of nothing", async () => undefined],
  ])("definePayload may give nothing: %s", async (_name, definePayload) => {
    const app = createApp({ convexOptions: { jwt: { definePayload } } });
    const { claims } = decode(await (await signedIn(app)).token());
    expect(Object.keys(claims)).toEqual(["iss", "aud", "sub", "sessionId", "iat", "exp"]);
  });

  it.each([
    ["must return an object of claims or nothing", () => "free"],
    ["must return an object of claims or nothing", () => ["free"]],
    ['gave the claim "big" a value that JSON cannot hold', () => ({ big: 1n })],
  ])("what definePayload must not give is named: it %s", async (text, definePayload) => {
    const app = createApp({ convexOptions: { jwt: { definePayload: definePayload as never } } });
    const browser = app.browser();
    await browser.signUp("a@example.com");
    const headers = new Headers({ cookie: browser.cookieHeader() });
    await expect(app.auth.api.getConvexToken({ headers })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining(text) as string,
    });
  });

  it.each([
    "sub",
    "tokenIdentifier",
    "subject",
    "issuer",
    "sessionId",
    "jti",
    "a.b",
    "convexRole",
    "",
  ])("refuses the reserved claim %j from either option", async (claim) => {
    expect(() => createApp({ convexOptions: { jwt: { claims: [claim] } } })).toThrowError(
      expect.objectContaining({ code: "RESERVED_CLAIM", meta: { claim, option: "jwt.claims" } }),
    );
    const app = createApp({ convexOptions: { jwt: { definePayload: () => ({ [claim]: 1 }) } } });
    const browser = app.browser();
    await browser.signUp("a@example.com");
    expect(browser.cookie("convex_jwt")).toBeUndefined();
    expect(app.logs.join()).toContain(`"${claim}" is reserved`);
    const headers = new Headers({ cookie: browser.cookieHeader() });
    await expect(app.auth.api.getConvexToken({ headers })).rejects.toMatchObject({
      code: "RESERVED_CLAIM",
    });
  });
});

describe("ways in", () => {
  it("the old path answers too", async () => {
    const browser = await signedIn(createApp());
    const response = await browser.request("/convex/get-token");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({ token: await browser.token() });
  });

  it("auth.api answers on the server, typed", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    const { token } = await app.auth.api.getConvexToken({
      headers: new Headers({ cookie: browser.cookieHeader() }),
    });
    expect(token).toBe(await browser.token());
    await expect(app.auth.api.getConvexToken({ headers: new Headers() })).rejects.toMatchObject({
      statusCode: 401,
    });
  });

  it("a bearer token counts only with Better Auth's bearer plugin", async () => {
    const { bearer } = await import("better-auth/plugins/bearer");
    const withBearer = createApp({ plugins: [bearer()] });
    const without = createApp({ like: withBearer });
    const session = (await (await signedIn(withBearer)).request("/get-session")).json();
    const { token } = ((await session) as { session: { token: string } }).session;
    const headers = { authorization: `Bearer ${token}` };
    expect(
      (await createBrowser(withBearer.auth.handler).request("/convex/token", { headers })).status,
    ).toBe(200);
    expect(
      (await createBrowser(without.auth.handler).request("/convex/token", { headers })).status,
    ).toBe(401);
  });

  it("in a Convex query a cached token is given and a new one is signed without being stored", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    const cached = await browser.token();
    app.store.writable = false;
    app.store.forgetCalls();
    expect(await browser.token()).toBe(cached);
    expect(await browser.token("?fresh=1")).not.toBe(cached);
    expect(app.store.calls).toEqual({ ...none, tokenContext: 2 });
  });

  it("in a Convex query without any key says READ_ONLY_CONTEXT", async () => {
    const app = createApp();
    const browser = await signedIn(app);
    app.store.keys = [];
    app.store.writable = false;
    await expect(
      app.auth.api.getConvexToken({ headers: new Headers({ cookie: browser.cookieHeader() }) }),
    ).rejects.toMatchObject({
      code: "READ_ONLY_CONTEXT",
    });
  });
});
