/** Whose token a rendering server uses, when it asks for one, and what an answer means. */
import type { MockInstance } from "vitest";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { verifyToken } from "../../js/jwt/index.js";
import type { AuthServerOptions, AuthState, RequestAuth } from "../../js/ssr/index.js";
import { createAuthServer } from "../../js/ssr/index.js";
import { cookiesOf, tokenOf } from "./support/tokens.js";
import type { Upstream } from "./support/upstream.js";
import { json, startUpstream } from "./support/upstream.js";

const TOKEN = "/api/auth/convex/token";
const SESSION = "better-auth.session_token";
const JWT = "better-auth.convex_jwt";
let upstream: Upstream;
let fresh: string;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream[Symbol.asyncDispose]());
beforeEach(() => {
  upstream.arrived.length = 0;
  fresh = tokenOf(upstream.origin, 900);
  upstream.on(TOKEN, (response) => json(response, { token: fresh, now: Date.now() }));
});
let log: MockInstance<typeof console.error>;
beforeEach(() => {
  log = vi.spyOn(console, "error").mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const serverWith = (options: Partial<AuthServerOptions> = {}) =>
  createAuthServer({
    convexUrl: upstream.origin,
    convexSiteUrl: upstream.origin,
    siteUrl: "http://localhost:3000",
    ...options,
  });
const authOf = (cookies: Record<string, string>, options: Partial<AuthServerOptions> = {}) =>
  serverWith(options).forRequest(cookiesOf(cookies));
const life = (seconds: number) => tokenOf(upstream.origin, seconds);
const asked = () => upstream.arrived.length;

describe("the JWT cookie", () => {
  it.each<[string, () => string | undefined, Partial<AuthServerOptions>, number]>([
    ["is used while it lives", () => life(900), {}, 0],
    ["is renewed before its end", () => life(59), {}, 1],
    ["is renewed as early as the app says", () => life(300), { renewBeforeSeconds: 301 }, 1],
    [
      "is used to its last minute where the app says so",
      () => life(59),
      { renewBeforeSeconds: 10 },
      0,
    ],
    ["is not used once it has ended", () => life(-1), {}, 1],
    ["that is missing is asked for", () => undefined, {}, 1],
    ["that is no token is asked for", () => "garbage", {}, 1],
    ["with letters that no token has is asked for", () => `${life(900)}%3Cb%3E`, {}, 1],
    ["of two lines is asked for", () => `${life(900)}%0Ax`, {}, 1],
    ["without an end is asked for", () => tokenOf(upstream.origin, 0, { exp: null }), {}, 1],
    ["of another deployment is not used", () => tokenOf("https://other.convex.site", 900), {}, 1],
    ["is used that was verified", () => life(900), { verify: () => Promise.resolve() }, 0],
    [
      "is not used that the package's own verification refuses",
      () => life(900),
      { verify: (token) => verifyToken(token, { jwks: [], issuer: "x", audience: "convex" }) },
      1,
    ],
    [
      "is not used that does not hold",
      () => life(900),
      { verify: () => Promise.reject(new Error()) },
      1,
    ],
  ])("%s", async (_, held, options, requests) => {
    const jwt = held();
    const auth = authOf({ [SESSION]: "t.s", ...(jwt && { [JWT]: jwt }) }, options);
    expect(await auth.getToken()).toBe(requests === 0 ? jwt : fresh);
    expect(asked()).toBe(requests);
  });

  it("of an issuer that the deployment has named is used", async () => {
    fresh = tokenOf("https://auth.example.com", 900);
    const server = serverWith();
    const cookies = cookiesOf({ [SESSION]: "t.s", [JWT]: fresh });
    for (let page = 0; page < 3; page += 1)
      expect(await server.forRequest(cookies).getToken()).toBe(fresh);
    expect(asked()).toBe(1);
  });

  it("says nothing without a session cookie, and nothing is asked", async () => {
    for (const cookies of [{}, { [JWT]: life(900) }, { [SESSION]: "", [JWT]: life(900) }]) {
      const auth = authOf(cookies);
      expect(await auth.getState()).toEqual({ session: "signedOut", token: null });
      expect([await auth.getToken(), await auth.getToken({ fresh: true })]).toEqual([null, null]);
      expect(await auth.isAuthenticated()).toBe(false);
    }
    expect(asked()).toBe(0);
  });
});

describe("names of cookies", () => {
  const https = { siteUrl: "https://app.example.com" };
  const plain = { [SESSION]: "t.s", [JWT]: "plain" };
  const secure = { [`__Secure-${SESSION}`]: "t.s", [`__Secure-${JWT}`]: "secure" };

  it.each<[string, Record<string, string>, Partial<AuthServerOptions>, string]>([
    ["plain ones on http", plain, {}, "plain"],
    ["those of https where http has none", secure, {}, "secure"],
    ["those of http before those of https on http", { ...secure, ...plain }, {}, "plain"],
    ["those of https on https", secure, https, "secure"],
    ["those of https before plain ones on https", { ...plain, ...secure }, https, "secure"],
    ["on https a plain one is only asked about", plain, https, "asked"],
    [
      "on https no JWT that any http page could set",
      { [`__Secure-${SESSION}`]: "t.s", [JWT]: "plain" },
      https,
      "asked",
    ],
    [
      "never the JWT of the other spelling",
      { [SESSION]: "t.s", [`__Secure-${JWT}`]: "secure" },
      {},
      "asked",
    ],
    [
      "the app's prefix",
      { "shop.session_token": "t.s", "shop.convex_jwt": "plain" },
      { cookiePrefix: "shop" },
      "plain",
    ],
    [
      "names of the app's own",
      { sid: "t.s", jwt: "plain" },
      { cookieNames: { sessionToken: "sid", jwt: "jwt" } },
      "plain",
    ],
    [
      "which have the prefix on https",
      { "__Secure-sid": "t.s", "__Secure-better-auth.convex_jwt": "secure" },
      { ...https, cookieNames: { sessionToken: "sid" } },
      "secure",
    ],
    ["and no other", plain, { cookiePrefix: "shop" }, "none"],
  ])("%s", async (_, cookies, options, expected) => {
    const tokens = { plain: life(800), secure: life(850), asked: fresh, none: null };
    const filled = Object.entries(cookies).map(([name, value]) => [
      name,
      tokens[value as "plain"] ?? value,
    ]);
    const auth = authOf(Object.fromEntries(filled) as Record<string, string>, options);
    expect(await auth.getToken()).toBe(tokens[expected as "plain"]);
    expect(asked()).toBe(expected === "asked" ? 1 : 0);
  });
});

describe("a token request", () => {
  const session = { [SESSION]: "t.s", theme: "dark" };

  it("is one for all who ask at the same time", async () => {
    const auth = authOf(session);
    const answers = await Promise.all([
      auth.getToken(),
      auth.getState(),
      auth.isAuthenticated(),
      ...Array.from({ length: 20 }, () => auth.getToken()),
    ]);
    expect(answers.slice(0, 3)).toEqual([fresh, { session: "signedIn", token: fresh }, true]);
    expect(await auth.getToken()).toBe(fresh);
    expect(asked()).toBe(1);
  });

  it("brings only what tells who asks", async () => {
    const headers = cookiesOf(session);
    headers.set("authorization", "Bearer x");
    headers.set("host", "app.example.com");
    headers.set("x-forwarded-host", "evil.example");
    headers.set("x-forwarded-for", "203.0.113.9");
    headers.set("x-gate-client-ip", "forged");
    await serverWith().forRequest(headers).getToken();
    const [{ method, url, headers: sent } = { method: "", url: "", headers: {} }] =
      upstream.arrived;
    expect([method, url]).toEqual(["GET", TOKEN]);
    expect(sent).toMatchObject({
      host: new URL(upstream.origin).host,
      cookie: "better-auth.session_token=t.s; theme=dark",
      authorization: "Bearer x",
    });
    expect(Object.keys(sent).filter((name) => name.startsWith("x-"))).toEqual([]);
  });

  it.each<[object, object, string]>([
    [{}, {}, ""],
    [{ canSetCookies: true }, {}, ""],
    [{ canSetCookies: false }, {}, "?disableRefresh=true"],
    [{}, { fresh: true }, "?fresh=true"],
  ])("with %o and %o asks for %j", async (more, options, query) => {
    await serverWith().forRequest(cookiesOf(session), more).getToken(options);
    expect(upstream.arrived.map(({ url }) => url)).toEqual([TOKEN + query]);
  });

  it("goes to the base path, and to a site that has a path itself", async () => {
    upstream.on("/http/auth/convex/token", (response) => json(response, { token: fresh }));
    const auth = authOf(session, { convexSiteUrl: `${upstream.origin}/http/`, basePath: "auth" });
    expect(await auth.getToken()).toBe(fresh);
  });

  it("hands each cookie on as it came, whatever commas it has", async () => {
    const cookies = [
      `${JWT}=a.b.c; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly`,
      `${SESSION}=t.s; Path=/; Max-Age=600; HttpOnly`,
    ];
    upstream.on(TOKEN, (response) =>
      json(response, { token: fresh }, { headers: { "set-cookie": cookies } }),
    );
    const auth = authOf(session);
    expect(auth.setCookies()).toEqual([]);
    await auth.getToken();
    expect(auth.setCookies()).toEqual(cookies);
  });

  it("is made anew for a fresh token, once for all who want one, and everybody has it then", async () => {
    const auth = authOf({ ...session, [JWT]: life(900) });
    const first = await auth.getToken();
    fresh = life(901);
    const wanted = [auth.getToken({ fresh: true }), auth.getToken({ fresh: true })];
    expect(await Promise.all(wanted)).toEqual([fresh, fresh]);
    expect(first).not.toBe(fresh);
    expect(await auth.getToken()).toBe(fresh);
    expect(asked()).toBe(1);
  });

  it("is made again in a response that outlives its token, and not before", async () => {
    const auth = authOf({ ...session, [JWT]: life(899) });
    expect(await auth.getToken()).not.toBe(fresh);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 870_000 });
    await auth.getToken();
    expect(asked()).toBe(0);
    vi.setSystemTime(Date.now() + 40_000);
    fresh = life(900);
    expect(await auth.getToken()).toBe(fresh);
    expect(asked()).toBe(1);
  });

  it("is one on a server whose clock is ahead of the deployment's", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    upstream.on(TOKEN, (response) => json(response, { token: fresh, now: Date.now() - 3_600_000 }));
    const auth = authOf(session);
    for (let turn = 0; turn < 3; turn += 1) expect(await auth.getToken()).toBe(fresh);
    expect(asked()).toBe(1);
  });

  it("is one for tokens that live shorter than the margin", async () => {
    fresh = life(30);
    const auth = authOf(session);
    for (let turn = 0; turn < 3; turn += 1) expect(await auth.getToken()).toBe(fresh);
    expect(asked()).toBe(1);
  });
});

describe("an answer", () => {
  const signedOut: AuthState = { session: "signedOut", token: null };
  const unknown: AuthState = { session: "unknown", token: null };
  const refused = { code: "UNAUTHENTICATED", message: "There is no live session." };
  const page = "<html>Bad gateway</html>";

  it.each<[string, number, unknown, AuthState]>([
    ["of the endpoint that there is no session", 401, refused, signedOut],
    ["of a proxy that wants a password of its own", 401, page, unknown],
    ["of a gateway that says it as JSON", 401, { message: "Unauthorized" }, unknown],
    ["401 of another code", 401, { code: "UNAUTHORIZED", message: "Unauthorized" }, unknown],
    ["403", 403, refused, unknown],
    ["404, where the plugin is missing", 404, page, unknown],
    ["429", 429, { message: "Too many requests." }, unknown],
    ["500", 500, { message: "…" }, unknown],
    ["502 with a page", 502, page, unknown],
    ["503", 503, { code: "KEYS_CHANGING", message: "…" }, unknown],
    ["302", 302, "", unknown],
    ["200 with a page", 200, page, unknown],
    ["200 with another object", 200, { token: null }, unknown],
    ["200 with a token that is none", 200, { token: "x" }, unknown],
    ["200 with null", 200, null, unknown],
  ])("%s", async (_, status, body, expected) => {
    upstream.on(TOKEN, (response) => {
      if (typeof body !== "string") return json(response, body, { status });
      response.writeHead(status, { "content-type": "text/html", location: "/login" }).end(body);
    });
    const auth = authOf({ [SESSION]: "t.s" });
    expect(await auth.getState()).toEqual(expected);
    expect(JSON.parse(JSON.stringify(await auth.getState()))).toEqual(expected);
    if (expected === unknown) {
      for (const ask of [() => auth.getToken(), () => auth.isAuthenticated()])
        await expect(ask()).rejects.toMatchObject({ code: "AUTH_UNAVAILABLE" });
    } else expect([await auth.getToken(), await auth.isAuthenticated()]).toEqual([null, false]);
    expect(asked()).toBe(1);
  });

  it("that never comes is none", async () => {
    upstream.on(TOKEN, (response) => void response.destroy());
    expect(await authOf({ [SESSION]: "t.s" }).getState()).toEqual(unknown);
    const nobody = { convexSiteUrl: "http://127.0.0.1:9" };
    expect(await authOf({ [SESSION]: "t.s" }, nobody).getState()).toEqual(unknown);
  });

  it("that takes too long is none", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const hanging: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      });
    const state = authOf({ [SESSION]: "t.s" }, { fetch: hanging }).getState();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await state).toEqual(unknown);
  });

  it("that is none leaves a token that has not ended in use", async () => {
    upstream.on(TOKEN, (response) => json(response, {}, { status: 500 }));
    const held = life(30);
    const auth = authOf({ [SESSION]: "t.s", [JWT]: held });
    expect(await auth.getToken()).toBe(held);
    await expect(auth.getToken({ fresh: true })).rejects.toMatchObject({
      code: "AUTH_UNAVAILABLE",
    });
    expect(await auth.getToken()).toBe(held);
    const ending = authOf({ [SESSION]: "t.s", [JWT]: life(2) });
    expect(await ending.getState()).toEqual(unknown);
  });

  it("that was compressed is read", async () => {
    const { gzipSync, brotliCompressSync } = await import("node:zlib");
    for (const [encoding, pack] of [
      ["gzip", gzipSync],
      ["br", brotliCompressSync],
    ] as const) {
      upstream.on(TOKEN, (response) => {
        response.writeHead(200, {
          "content-type": "application/json",
          "content-encoding": encoding,
        });
        response.end(pack(JSON.stringify({ token: fresh })));
      });
      expect(await authOf({ [SESSION]: "t.s" }).getToken()).toBe(fresh);
    }
  });

  it("says of what is no answer what it was, and quotes nothing of it", async () => {
    upstream.on(TOKEN, (response) => {
      response.writeHead(502, { "content-type": "text/html" }).end("<p>top-secret</p>");
    });
    const error = await failureOf(authOf({ [SESSION]: "t.s" }));
    expect(error).toMatchObject({ code: "AUTH_UNAVAILABLE", meta: { status: 502 } });
    expect(error).not.toHaveProperty("cause");
    const line = `[convex-gate] A token could not be had from ${upstream.origin}: it answered 502 without a token.`;
    expect(log.mock.calls).toEqual([[line]]);
  });

  it("says why there is none", async () => {
    const nobody = { convexSiteUrl: "http://127.0.0.1:9" };
    const error = await failureOf(authOf({ [SESSION]: "top-secret.s" }, nobody));
    expect(error).toMatchObject({ meta: undefined, cause: { message: "fetch failed" } });
    expect(log.mock.calls).toEqual([[expect.stringContaining("from http://127.0.0.1:9: ")]]);
    expect(String(log.mock.calls)).not.toContain("top-secret");
  });

  it("is told to the log once, and again when it is another, or after one that is an answer", async () => {
    const server = serverWith();
    const lines: string[] = [];
    for (const status of [502, 502, 429, 429, 200, 429]) {
      const token = status === 200 ? fresh : undefined;
      upstream.on(TOKEN, (response) => json(response, { token }, { status }));
      log.mockClear();
      await server.forRequest(cookiesOf({ [SESSION]: "t.s" })).getState();
      lines.push(/answered (\d+)/.exec(String(log.mock.calls))?.[1] ?? "");
    }
    expect(lines).toEqual(["502", "", "429", "", "", "429"]);
  });

  it("says in no error which cookies or tokens there are", async () => {
    upstream.on(TOKEN, (response) => json(response, {}, { status: 500 }));
    const error: unknown = await authOf({ [SESSION]: "top-secret.s" })
      .getToken()
      .catch((e: unknown) => e);
    const text = [String(error), JSON.stringify(error), (error as Error).stack].join();
    expect(text).not.toContain("top-secret");
  });
});

const failureOf = (auth: RequestAuth): Promise<unknown> =>
  auth.getToken().then(
    () => undefined,
    (error: unknown) => error,
  );
