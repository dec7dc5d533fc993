/** What has a say in an answer keeps the fast lane out of it, and what only looks so does not. Answers are always the same. */
import { bearer, customSession, multiSession, organization, username } from "better-auth/plugins";
import { createAuthMiddleware } from "better-auth/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { getAuthConfigProvider } from "../../../js/auth-config/index.js";
import { crossDomain } from "../../../js/plugins/index.js";
import { createClient } from "../../../js/server/index.js";
import { SITE } from "../support/app.js";
import { createLaneApp, get, ORIGIN, SECRET } from "./support.js";
import type { Code, LaneApp } from "./support.js";

const START = 1_800_000_000_000;
const DAY = 86_400_000;
const SESSION = "/get-session";
const TOKEN = "/convex/token";
const NEITHER: readonly string[] = [];
const BOTH = [SESSION, TOKEN];

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: START }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function signedIn(app: LaneApp): Promise<string> {
  const browser = app.browser(false);
  expect((await browser.signUp("ada@example.com")).status).toBe(200);
  return browser.cookieHeader();
}

/** The paths of `requests` that the lane answered; throws where answers differ. */
async function byLane(app: LaneApp, requests: Record<string, Request>): Promise<string[]> {
  const taken: string[] = [];
  for (const [name, request] of Object.entries(requests)) {
    const told = await app.both(request);
    expect(told.lane, name).toEqual(told.full);
    if (told.byLane) taken.push(name);
  }
  return taken;
}

/** Asks for the session and the token. */
async function asked(app: LaneApp, headers: HeadersInit = {}): Promise<string[]> {
  return byLane(app, { [SESSION]: get(SESSION, headers), [TOKEN]: get(TOKEN, headers) });
}

const storage = new Map<string, string>();
const apps: [name: string, code: () => Code, open: readonly string[]][] = [
  ["rate limits as they are on a deployment", () => ({}), BOTH],
  ["rate limits that are off", () => ({ options: { rateLimit: { enabled: false } } }), BOTH],
  [
    "a rate limit for get-session",
    () => ({ options: { rateLimit: { customRules: { [SESSION]: { window: 10, max: 50 } } } } }),
    [TOKEN],
  ],
  [
    "a rate limit with a wildcard",
    () => ({ options: { rateLimit: { customRules: { "/convex/*": { window: 10, max: 50 } } } } }),
    [SESSION],
  ],
  [
    "a hook of the app before every endpoint",
    () => ({ options: { hooks: { before: createAuthMiddleware(async () => undefined) } } }),
    NEITHER,
  ],
  [
    "a hook of the app after every endpoint",
    () => ({
      options: {
        hooks: { after: createAuthMiddleware(async (ctx) => void ctx.setHeader("x", "y")) },
      },
    }),
    NEITHER,
  ],
  [
    "a plugin's hook that goes by the path",
    () => ({
      plugins: [
        {
          id: "own",
          hooks: {
            after: [
              {
                matcher: ({ path }) => path === SESSION,
                handler: createAuthMiddleware(async (ctx) => void ctx.setHeader("x", "y")),
              },
            ],
          },
        },
      ],
    }),
    [TOKEN],
  ],
  [
    "a plugin's hook that goes by more than the path",
    () => ({
      plugins: [
        {
          id: "own",
          hooks: {
            before: [
              {
                matcher: ({ headers }) => headers?.get("x-own") !== undefined && false,
                handler: createAuthMiddleware(async () => undefined),
              },
            ],
          },
        },
      ],
    }),
    NEITHER,
  ],
  [
    "a plugin that looks at requests",
    () => ({ plugins: [{ id: "own", onRequest: async () => undefined }] }),
    NEITHER,
  ],
  [
    "a plugin that looks at answers",
    () => ({ plugins: [{ id: "own", onResponse: async () => undefined }] }),
    NEITHER,
  ],
  ["plugins without a say in it", () => ({ plugins: [username(), organization()] }), BOTH],
  [
    "customSession",
    () => ({ plugins: [customSession(async ({ user }) => ({ hello: user.name }))] }),
    NEITHER,
  ],
  ["bearer", () => ({ plugins: [bearer()] }), NEITHER],
  ["multiSession", () => ({ plugins: [multiSession()] }), NEITHER],
  [
    "the cookie cache",
    () => ({ options: { session: { cookieCache: { enabled: true } } } }),
    NEITHER,
  ],
  ["deferred renewal", () => ({ options: { session: { deferSessionRefresh: true } } }), NEITHER],
  [
    "secondary storage",
    () => ({
      options: {
        session: { storeSessionInDatabase: true },
        secondaryStorage: {
          get: (key) => storage.get(key) ?? null,
          set: (key, value) => void storage.set(key, value),
          delete: (key) => void storage.delete(key),
          getAndDelete: (key) => {
            const value = storage.get(key) ?? null;
            storage.delete(key);
            return value;
          },
          increment: (key) => {
            storage.set(key, String(Number(storage.get(key) ?? 0) + 1));
            return Number(storage.get(key));
          },
        },
      },
    }),
    NEITHER,
  ],
  ["a secret among the options", () => ({ options: { secret: `${SECRET}-2` } }), NEITHER],
  [
    "a dynamic base URL",
    () => ({ options: { baseURL: { allowedHosts: [new URL(SITE).host] } } }),
    NEITHER,
  ],
  ["a function for origins", () => ({ options: { trustedOrigins: () => [ORIGIN] } }), NEITHER],
  [
    "claims by a function",
    () => ({ convexOptions: { jwt: { definePayload: () => ({ a: 1 }) } } }),
    [SESSION],
  ],
  [
    "claims by name",
    () => ({ convexOptions: { jwt: { claims: ["email", "emailVerified"] } } }),
    BOTH,
  ],
  [
    "no cache of tokens",
    // Of one text RS256 has one signature.
    () => ({
      convexOptions: {
        jwtCache: false,
        authConfig: { providers: [getAuthConfigProvider({ algorithm: "RS256" })] },
      },
    }),
    BOTH,
  ],
  [
    "fields of its own, and some that are never told",
    () => ({
      options: {
        user: {
          additionalFields: {
            plan: { type: "string", defaultValue: "free" },
            seats: { type: "number", required: false, fieldName: "seat_count" },
            since: { type: "date", required: false },
            hidden: { type: "string", defaultValue: "x", returned: false },
            tags: { type: "string[]", required: false },
          },
        },
      },
    }),
    BOTH,
  ],
  [
    "a field that a function of the app's makes",
    () => ({
      options: {
        user: {
          additionalFields: {
            plan: { type: "string", required: false, transform: { output: () => "own" } },
          },
        },
      },
    }),
    NEITHER,
  ],
  ["a path that is switched off", () => ({ options: { disabledPaths: [SESSION] } }), [TOKEN]],
  [
    "names of its own for cookies",
    () => ({ options: { advanced: { cookiePrefix: "own" } } }),
    BOTH,
  ],
  [
    "an own name for the session cookie",
    () => ({ options: { advanced: { cookies: { session_token: { name: "sid" } } } } }),
    NEITHER,
  ],
  [
    "a handler of the app's around Better Auth's",
    () => ({
      around: (auth) => ({
        ...auth,
        handler: async (request) => {
          const answer = await auth.handler(request);
          answer.headers.set("x-own", "1");
          return answer;
        },
      }),
    }),
    NEITHER,
  ],
  [
    "options that are read from the deployment",
    () => ({
      loading: async (ctx) => {
        const { gate } = (await import("convex/server")).componentsGeneric()[
          "betterAuth"
        ] as never as {
          gate: { listKeys: never };
        };
        await ctx.runQuery(gate.listKeys, {} as never);
      },
    }),
    NEITHER,
  ],
  ["hidden errors", () => ({ options: { onAPIError: { onError: () => undefined } } }), NEITHER],
];

describe("with", () => {
  it.each(apps)("%s", async (_name, code, open) => {
    storage.clear();
    const app = createLaneApp(code());
    await app.warm();
    const cookie = await signedIn(app);
    expect(await asked(app, { cookie })).toEqual(open);
    const signedOut = await asked(app);
    expect(open).toEqual(expect.arrayContaining(signedOut.filter((path) => path === SESSION)));
  });
});

describe("a request", () => {
  const forged = (token: string, end = "=") =>
    `${encodeURIComponent(`${token}.${"A".repeat(43)}${end}`)}`;

  async function ready() {
    const app = createLaneApp({
      plugins: [crossDomain({ siteUrl: ORIGIN })],
      routes: { cors: true },
    });
    await app.warm();
    const cookies = await signedIn(app);
    const session = cookies.split("; ").find((each) => each.includes("session_token")) ?? "";
    return {
      app,
      session,
      name: session.slice(0, session.indexOf("=")),
      value: session.slice(session.indexOf("=") + 1),
    };
  }

  it("with a forged cookie is one of nobody", async () => {
    const { app, name, value } = await ready();
    const token = decodeURIComponent(value).split(".")[0] ?? "";
    expect(await asked(app, { cookie: `${name}=${forged(token)}` })).toEqual(BOTH);
    expect(await asked(app, { cookie: `${name}=${forged(token, "")}` })).toEqual(BOTH);
    expect(await asked(app, { cookie: `${name}=${token}` })).toEqual(BOTH);
  });

  it("with two session cookies, quotes, a temporary session or cached data goes the full way", async () => {
    const { app, session, name, value } = await ready();
    const others = [
      `${session}; better-auth.session_token=${value}`,
      `${name}="${value}"`,
      `${session}; __Secure-better-auth.dont_remember=true.x`,
      `${session}; __Secure-better-auth.session_data=x`,
      `${session}; __Secure-better-auth.session_data.0=x`,
    ];
    for (const cookie of others) expect(await asked(app, { cookie }), cookie).toEqual(NEITHER);
    expect(await asked(app, { cookie: `${session}; ${name}=other` })).toEqual(BOTH);
    expect(await asked(app, { cookie: `better-auth.session_token=${value}` })).toEqual(BOTH);
  });

  it("with an Authorization header, other parameters, another method or of a navigation goes the full way", async () => {
    const { app, session: cookie } = await ready();
    const full: Request[] = [
      get(SESSION, { cookie, authorization: "Bearer x" }),
      get(`${SESSION}?disableCookieCache=true`, { cookie }),
      get(`${SESSION}?disableRefresh=`, { cookie }),
      get(`${SESSION}?convexToken=true&convexToken=true`, { cookie }),
      get(SESSION, { cookie, accept: "text/html,*/*" }),
      get(SESSION, { cookie, "sec-fetch-mode": "navigate" }),
      get(`${SESSION}/`, { cookie }),
      new Request(get(SESSION, { cookie }), { method: "HEAD" }),
      new Request(get(SESSION, { cookie, origin: ORIGIN }), { method: "POST" }),
    ];
    for (const request of full) expect(await byLane(app, { request }), request.url).toEqual([]);
  });

  it.each([
    "https://app.example.com/",
    "app.example.com",
    "https://evil.example",
    "null",
    "myapp://",
    "not an origin",
    `${SITE}`,
  ])("of the origin %s is told the same", async (origin) => {
    const { app, session: cookie } = await ready();
    await asked(app, { cookie, origin });
    const preflight = new Request(`${SITE}/api/auth/sign-in/email`, {
      method: "OPTIONS",
      headers: { origin },
    });
    await byLane(app, { preflight });
  });

  it.each([
    ["https://*.example.com"],
    ["*.example.com", ORIGIN],
    ["https://app.example.com/path"],
    ["app.example.com"],
  ])("is told the same where %s is trusted", async (...trustedOrigins) => {
    const app = createLaneApp({ options: { trustedOrigins }, routes: { cors: true } });
    await app.warm();
    for (const origin of [ORIGIN, "https://a.example.com", "https://evil.example"]) {
      await asked(app, { origin });
      const preflight = new Request(`${SITE}/api/auth/x`, {
        method: "OPTIONS",
        headers: { origin },
      });
      await byLane(app, { preflight });
    }
  });
});

describe("a session", () => {
  async function ready(options: Code["options"] = {}) {
    const app = createLaneApp({ options });
    await app.warm();
    return { app, cookie: await signedIn(app) };
  }

  it("that is due is renewed by the full way, and answered by the lane then", async () => {
    const { app, cookie } = await ready();
    vi.setSystemTime(START + DAY + 1);
    await app.warm();
    const loads = app.loads();
    const renewed = await app.send(get(SESSION, { cookie }));
    expect(app.loads()).toBe(loads + 1);
    expect(renewed.headers.getSetCookie().join()).toContain("session_token");
    expect(
      await asked(app, {
        cookie: renewed.headers
          .getSetCookie()
          .map((each) => each.split(";")[0])
          .join("; "),
      }),
    ).toEqual(BOTH);
  });

  it("that is due is not renewed where the request says so", async () => {
    const { app, cookie } = await ready();
    vi.setSystemTime(START + DAY + 1);
    await app.warm();
    const requests = {
      [SESSION]: get(`${SESSION}?disableRefresh=true`, { cookie }),
      [TOKEN]: get(`${TOKEN}?disableRefresh=true`, { cookie }),
    };
    expect(await byLane(app, requests)).toEqual(BOTH);
  });

  it("that is never renewed", async () => {
    const { app, cookie } = await ready({ session: { disableSessionRefresh: true } });
    vi.setSystemTime(START + 2 * DAY);
    await app.warm();
    expect(await asked(app, { cookie })).toEqual(BOTH);
  });

  it("that is over, or was revoked, is cleared by the full way", async () => {
    const { app, cookie } = await ready();
    vi.setSystemTime(START + 8 * DAY);
    await app.warm();
    const onlySession = cookie
      .split("; ")
      .filter((each) => each.includes("session_token"))
      .join();
    expect(await asked(app, { cookie: onlySession })).toEqual([TOKEN]);
    const second = app.browser(false);
    await second.signIn("ada@example.com");
    const revoked = second.cookieHeader();
    expect(
      (await second.request("/sign-out", { method: "POST", headers: { origin: SITE } })).status,
    ).toBe(200);
    expect(await asked(app, { cookie: revoked })).toEqual(NEITHER);
  });

  it("within its leeway has no token", async () => {
    const { app, cookie } = await ready({ session: { disableSessionRefresh: true } });
    vi.setSystemTime(START + 7 * DAY - 10_000);
    await app.warm();
    const onlySession = cookie
      .split("; ")
      .filter((each) => each.includes("session_token"))
      .join();
    const withToken = get(`${SESSION}?convexToken=true`, { cookie: onlySession });
    expect(
      await byLane(app, { [SESSION]: withToken, [TOKEN]: get(TOKEN, { cookie: onlySession }) }),
    ).toEqual(BOTH);
  });
});

describe("what holds for one deployment", () => {
  it("does not for the next: its options count from its first request on", async () => {
    const app = createLaneApp();
    await app.warm();
    const cookie = await signedIn(app);
    expect(await asked(app, { cookie })).toEqual(BOTH);
    app.push({ plugins: [customSession(async ({ user }) => ({ hello: user.name }))] });
    const answer = await app.send(get(SESSION, { cookie }));
    expect(await answer.json()).toMatchObject({ hello: "ada" });
    expect(await asked(app, { cookie })).toEqual(NEITHER);
  });

  it("does not for older rows, which the full way corrects first", async () => {
    const app = createLaneApp();
    const cookie = await signedIn(app);
    app.push({
      options: {
        user: {
          additionalFields: { email2: { type: "string", required: false, returned: false } },
        },
      },
    });
    await app.warm();
    const loads = app.loads();
    await app.send(get(SESSION, { cookie }));
    expect(app.loads()).toBe(loads + 1);
    expect(await asked(app, { cookie })).toEqual(BOTH);
  });

  it("was compared with this version of Better Auth", async () => {
    const app = createLaneApp();
    await app.warm();
    const version = vi.fn((context: { version: string }) => void (context.version = "1.7.999"));
    const plugin = { id: "other", init: version };
    expect(await asked(app)).toEqual(BOTH);
    app.push({ plugins: [plugin as never] });
    await app.warm();
    expect(version).toHaveBeenCalled();
    expect(await asked(app)).toEqual(NEITHER);
  });

  it("does not after a change of a variable that the app read", async () => {
    vi.stubEnv("COOKIE_PREFIX", "first");
    const app = createLaneApp();
    app.push({
      get options() {
        return { advanced: { cookiePrefix: process.env["COOKIE_PREFIX"] ?? "none" } };
      },
    });
    await app.warm();
    const cookie = await signedIn(app);
    expect(await asked(app, { cookie })).toEqual(BOTH);
    vi.stubEnv("COOKIE_PREFIX", "second");
    const loads = app.loads();
    expect(await (await app.send(get(SESSION, { cookie }))).json()).toBeNull();
    expect(app.loads()).toBe(loads + 1);
    expect(await asked(app, { cookie })).toEqual(BOTH);
  });

  it("does not after a change of the secret, nor with versions of it", async () => {
    const app = createLaneApp();
    await app.warm();
    const cookie = await signedIn(app);
    vi.stubEnv("BETTER_AUTH_SECRET", `${SECRET}-changed`);
    const loads = app.loads();
    expect(await (await app.send(get(SESSION, { cookie }))).json()).toBeNull();
    expect(app.loads()).toBe(loads + 1);
    vi.stubEnv("BETTER_AUTH_SECRETS", `2:${SECRET}-second,1:${SECRET}`);
    expect(await asked(app, { cookie })).toEqual(NEITHER);
  });

  it("keys that the changed secret cannot read are replaced by the full way", async () => {
    const app = createLaneApp();
    await app.warm();
    await signedIn(app);
    vi.stubEnv("BETTER_AUTH_SECRET", `${SECRET}-changed`);
    await app.warm();
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const browser = app.browser();
    await browser.signIn("ada@example.com");
    const session = browser
      .cookieHeader()
      .split("; ")
      .filter((each) => each.includes("session_token"))
      .join();
    expect([200, 503]).toContain((await app.send(get(TOKEN, { cookie: session }))).status);
  });

  it("is noted anew after ten minutes, and not before", async () => {
    const app = createLaneApp();
    await app.warm();
    const loads = app.loads();
    vi.setSystemTime(START + 599_000);
    await app.send(get(SESSION));
    expect(app.loads()).toBe(loads);
    vi.setSystemTime(START + 601_000);
    await app.send(get(SESSION));
    await app.send(get(SESSION));
    expect(app.loads()).toBe(loads + 1);
  });

  it("names no secret, token or value of a variable in what it keeps", async () => {
    vi.stubEnv("OWN_VARIABLE", "a value of the app's");
    const app = createLaneApp({
      get options() {
        return { appName: process.env["OWN_VARIABLE"] ?? "" };
      },
    });
    await app.warm();
    await signedIn(app);
    const rows = (await app.harness.store().run("findMany", { model: "gateCatalogue" })) as {
      text?: string;
    }[];
    const text = rows.map((each) => each.text ?? "").join();
    expect(text).toContain("OWN_VARIABLE");
    expect(text).not.toContain("a value of the app's");
    expect(text).not.toContain(SECRET);
  });
});

it("is off where the app's auth has been evaluated before a request asks for it", async () => {
  const app = createLaneApp();
  const client = createClient(app.harness.component);
  app.push({ client });
  await app.warm();
  const cookie = await signedIn(app);
  expect(await asked(app, { cookie })).toEqual(NEITHER);
});

it("is off where the routes say so", async () => {
  const app = createLaneApp();
  await app.send(get(SESSION), false);
  expect(await app.harness.store().run("findMany", { model: "gateCatalogue" })).toEqual([]);
});
