/** What is parked, for how long, and for whom. Where it goes on is in `navigations.test.ts`. */
import { getAuthStateVerificationIdentifier } from "better-auth";
import type { BetterAuthOptions } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { SITE } from "../support/app.js";
import type { App } from "../support/app.js";
import {
  API,
  callbackOf,
  FRONTEND,
  lastMail,
  mails,
  OTHER_FRONTEND,
  parkedRows,
  samlEndpoint,
  signedIn,
  startSocial,
  tabOf,
  twoOriginApp,
} from "./support.js";

beforeEach(() => void mails.splice(0));

describe("what is parked", () => {
  const navigation = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  async function isParked(
    app: App,
    path: string,
    headers: HeadersInit,
    init: RequestInit = {},
  ): Promise<boolean> {
    const response = await app.auth.handler(
      new Request(`${API}${path}`, { ...init, headers, redirect: "manual" }),
    );
    return response.headers.get("location")?.includes("auth_ticket=") === true;
  }
  const link = "/verify-email?token=t&callbackURL=%2F";

  it.each<[string, boolean, string, HeadersInit]>([
    ["a link", true, link, navigation],
    ["a link, in a browser without fetch metadata", true, link, { accept: "text/html" }],
    ["a request of a script", false, link, { "sec-fetch-mode": "cors" }],
    ["a request of no browser", false, link, { accept: "*/*" }],
    ["a frame", false, link, { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }],
    ["a tab's own request", false, link, { ...navigation, "better-auth-cookie": "" }],
    ["a document at the root of the host", false, "/../../.well-known/x?y=1", navigation],
    ["the key set", false, "/convex/jwks", navigation],
    ["a discovery document", false, "/convex/.well-known/openid-configuration", navigation],
    ["the OpenAPI page", false, "/reference", navigation],
    ["a question about the session", false, "/get-session?x=1", navigation],
    ["a question for a token", false, "/convex/token?fresh=1", navigation],
    ["the key set, with a query", false, "/convex/jwks?x=1", navigation],
    ["a path that nobody answers at", false, "/nothing?x=1", navigation],
    ["a path of another method", false, "/sign-in/email?x=1", navigation],
    ["a path below an endpoint's", false, "/verify-email/more?x=1", navigation],
    ["a parameter that is missing", false, "/reset-password/?callbackURL=%2F", navigation],
    ["a parameter", true, "/reset-password/t?callbackURL=%2F", navigation],
    [
      "the way of a native app to its provider",
      false,
      "/expo-authorization-proxy?authorizationURL=https%3A%2F%2Fgithub.com%2F%3Fstate%3Ds",
      navigation,
    ],
  ])("%s: %s", async (_, expected, path, headers) => {
    expect(await isParked(twoOriginApp(), path, headers)).toBe(expected);
  });

  it("a form post is, JSON is not", async () => {
    const app = twoOriginApp();
    const form = {
      method: "POST",
      body: "state=s&code=c",
    };
    const type = "application/x-www-form-urlencoded";
    const path = "/callback/github";
    expect(await isParked(app, path, { ...navigation, "content-type": type }, form)).toBe(true);
    const json = { ...navigation, "content-type": "application/json" };
    expect(await isParked(app, path, json, { ...form, body: "{}" })).toBe(false);
  });

  it("a form of a program is not, were it to take HTML as Java's do; an older browser's is", async () => {
    const app = twoOriginApp();
    const headers = {
      accept: "text/html, image/gif, image/jpeg, */*; q=0.2",
      "content-type": "application/x-www-form-urlencoded",
    };
    const form = { method: "POST", body: "state=s&code=c" };
    const path = "/callback/github";
    expect(await isParked(app, path, headers, form)).toBe(false);
    const browser = { ...headers, origin: "https://appleid.apple.com" };
    expect(await isParked(app, path, browser, form)).toBe(true);
    expect(await isParked(app, path, { ...headers, origin: "null" }, form)).toBe(true);
    const authorization = "Basic YTpi";
    expect(await isParked(app, path, { ...browser, authorization }, form)).toBe(false);
    expect(await isParked(app, link, { accept: "text/html", authorization })).toBe(false);
  });

  it("a callback whose own state cookie is on this host is not, another's is", async () => {
    const app = twoOriginApp();
    const browser = app.browser();
    const answer = await browser.request("/sign-in/social", {
      body: { provider: "github", callbackURL: `${FRONTEND}/in` },
      headers: { origin: FRONTEND },
    });
    const { url } = (await answer.json()) as { url: string };
    const state = new URL(url).searchParams.get("state") ?? "";
    const cookie = browser.cookieHeader();
    const path = `/callback/github?code=c&state=${state}`;
    expect(await isParked(app, path, { ...navigation, cookie })).toBe(false);
    const other = await startSocial(tabOf(app));
    const callback = callbackOf(other);
    const own = callback.pathname.replace("/api/auth", "") + callback.search;
    expect(await isParked(app, own, { ...navigation, cookie })).toBe(true);
  });

  it("where the frontend passes /api/auth on, nothing is", async () => {
    const app = twoOriginApp({ siteUrl: SITE });
    const browser = app.browser();
    await browser.request("/sign-in/magic-link", {
      body: { email: "m@example.com", callbackURL: "/inbox" },
    });
    const { pathname, search } = lastMail();
    const response = await browser.request(pathname.replace("/api/auth", "") + search, {
      headers: navigation,
    });
    expect(response.headers.get("location")).toBe(`${SITE}/inbox`);
    expect(browser.cookie("session_token")).toBeDefined();
  });

  it("beside such a frontend another one has its own navigations brought home", async () => {
    const app = twoOriginApp({
      siteUrl: [SITE, OTHER_FRONTEND],
      options: {
        trustedOrigins: ["https://third.example.com"],
        advanced: { disableOriginCheck: false },
      },
    });
    const path = (page: string): string =>
      `/verify-email?token=t&callbackURL=${encodeURIComponent(page)}`;
    expect(await isParked(app, path(`${OTHER_FRONTEND}/x`), navigation)).toBe(true);
    expect(await isParked(app, path("/x"), navigation)).toBe(false);
    expect(await isParked(app, path("https://third.example.com/x"), navigation)).toBe(false);
  });
});

it("what a tab goes on with is a navigation, and so is where that leads", async () => {
  const seen: string[] = [];
  const app = twoOriginApp({
    options: {
      hooks: {
        before: createAuthMiddleware(async ({ request, path }) => {
          const { headers } = request ?? new Request(API);
          const names = ["accept", "sec-fetch-mode", "authorization"];
          seen.push([path, ...names.map((name) => headers.get(name))].join(" "));
        }),
      },
    },
  });
  const resume = (ticket: string | null): Promise<Response> =>
    app.auth.handler(
      new Request(`${API}/cross-domain/resume`, {
        method: "POST",
        headers: {
          "better-auth-cookie": "",
          "content-type": "application/json",
          // What browsers say of a script's request.
          accept: "*/*",
          "sec-fetch-mode": "cors",
          // What the app's client may send with each.
          authorization: "Bearer t",
          origin: FRONTEND,
        },
        body: JSON.stringify({ ticket }),
      }),
    );
  const next = encodeURIComponent(`${API}/magic-link/verify?token=t`);
  const parked = await tabOf(app).navigate(`${API}/verify-email?token=t&callbackURL=${next}`);
  const home = new URL(parked.headers.get("location") ?? "");
  const answer = await resume(home.searchParams.get("auth_ticket"));
  await resume(((await answer.json()) as { ticket: string }).ticket);
  expect(seen).toEqual([
    "/verify-email text/html navigate ",
    "/magic-link/verify text/html navigate ",
  ]);
});

it("a navigation is limited where it arrives, and counted once", async () => {
  const app = twoOriginApp({
    options: {
      rateLimit: {
        enabled: true,
        storage: "memory",
        customRules: { "/magic-link/verify": { window: 60, max: 1 } },
      },
    },
  });
  const headers = { "x-forwarded-for": "192.0.2.7" };
  const tab = tabOf(app);
  await tab.request("/sign-in/magic-link", { body: { email: "m@example.com" }, headers });
  await tab.visit(lastMail(), { headers });
  expect(await signedIn(tab)).toBe("m@example.com");
  expect((await tab.navigate(lastMail(), { headers })).status).toBe(429);
});

describe("what a stranger can have parked", () => {
  /** Forms of one visitor, for each of these paths one. */
  async function post(app: App, paths: string[]): Promise<number[]> {
    const statuses: number[] = [];
    for (const path of paths) {
      const answer = await app.auth.handler(
        new Request(`${API}${path}`, {
          method: "POST",
          headers: {
            "content-type": "application/x-www-form-urlencoded",
            accept: "text/html",
            origin: "https://stranger.example",
            "x-forwarded-for": "203.0.113.9",
          },
          body: "x=y",
        }),
      );
      statuses.push(answer.status);
    }
    return statuses;
  }
  const often = (path: (index: number) => string): string[] =>
    Array.from({ length: 20 }, (_, index) => path(index));

  type Rules = NonNullable<NonNullable<BetterAuthOptions["rateLimit"]>["customRules"]>;

  /** An app with a limit of five, and what it has counted. */
  function limitedApp(customRules: Rules = {}) {
    const counted = new Map<string, number>();
    const customStorage = {
      consume: async (key: string, { max }: { max: number }) => {
        const count = (counted.get(key) ?? 0) + 1;
        counted.set(key, count);
        return { allowed: count <= max, retryAfter: count <= max ? null : 9 };
      },
    };
    const app = twoOriginApp({
      plugins: [samlEndpoint],
      options: { rateLimit: { enabled: true, window: 60, max: 5, customStorage, customRules } },
    });
    return { app, counted };
  }

  it.each(["/get-session", "/convex/token", "/convex/get-token", "/convex/jwks"])(
    "nothing at a path that is not counted: %s",
    async (path) => {
      const { app } = limitedApp();
      await post(
        app,
        often(() => path),
      );
      expect(parkedRows(app)).toEqual([]);
    },
  );

  it("nothing at paths without an endpoint", async () => {
    const { app } = limitedApp();
    const statuses = await post(
      app,
      often((index) => `/nothing-${String(index)}`),
    );
    // Brought home all the same, with what came of it.
    expect(new Set(statuses)).toEqual(new Set([303]));
    expect(parkedRows(app)).toEqual([]);
  });

  it.each<[string, (index: number) => string, number]>([
    ["one path", () => "/callback/github", 5],
    ["a parameter of one's own each time", (index) => `/sso/saml2/sp/acs/p${String(index)}`, 5],
    ["providers that there are not", (index) => `/callback/p${String(index)}`, 5],
  ])("within the limit: %s", async (_, path, most) => {
    const { app } = limitedApp();
    const statuses = await post(app, often(path));
    expect(parkedRows(app)).toHaveLength(most);
    expect(statuses).toEqual(often((index) => (index < most ? "303" : "429")).map(Number));
  });

  it("by the app's own rule for the path", async () => {
    const path = (index: number): string => `/sso/saml2/sp/acs/p${String(index)}`;
    const rules = [{ window: 60, max: 7 }, () => ({ window: 60, max: 7 }), false] as const;
    for (const rule of rules) {
      const { app } = limitedApp({ "/sso/*/*/*/*": rule });
      await post(app, often(path));
      expect(parkedRows(app)).toHaveLength(rule === false ? 20 : 7);
    }
  });

  it("a provider's callback is counted once", async () => {
    const { app, counted } = limitedApp();
    await post(app, ["/callback/github"]);
    expect([...counted.values()]).toEqual([1]);
  });
});

describe("a ticket", () => {
  async function ticketOf(app: App): Promise<string> {
    const tab = tabOf(app);
    await tab.request("/sign-in/magic-link", { body: { email: "m@example.com" } });
    const parked = await tab.navigate(lastMail());
    return new URL(parked.headers.get("location") ?? "").searchParams.get("auth_ticket") ?? "";
  }
  const resume = (app: App, body: unknown, origin = FRONTEND): Promise<Response> =>
    tabOf(app, origin).request("/cross-domain/resume", { body });

  it("is good once", async () => {
    const app = twoOriginApp();
    const ticket = await ticketOf(app);
    const both = await Promise.all([resume(app, { ticket }), resume(app, { ticket })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it("is over after 60 s", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const app = twoOriginApp();
      const ticket = await ticketOf(app);
      vi.setSystemTime(Date.now() + 60_001);
      const refused = await resume(app, { ticket });
      expect(refused.status).toBe(401);
      expect(await refused.json()).toMatchObject({ code: "INVALID_TICKET" });
    } finally {
      vi.useRealTimers();
    }
  });

  it("is hashed in the table, and what it stands for is encrypted", async () => {
    const app = twoOriginApp();
    const ticket = await ticketOf(app);
    const rows = JSON.stringify(parkedRows(app));
    expect(rows).not.toContain(ticket);
    expect(rows).not.toContain("magic-link");
    expect(rows).not.toContain(lastMail().searchParams.get("token"));
  });

  it("is kept in a secondary storage where the app has no table for such values", async () => {
    const stored = new Map<string, string>();
    const app = twoOriginApp({
      options: {
        session: { storeSessionInDatabase: true },
        secondaryStorage: {
          get: (key) => stored.get(key) ?? null,
          set: (key, value) => void stored.set(key, value),
          delete: (key) => void stored.delete(key),
          getAndDelete: (key) => {
            const value = stored.get(key) ?? null;
            stored.delete(key);
            return value;
          },
          increment: () => 1,
        },
      },
    });
    const ticket = await ticketOf(app);
    expect(parkedRows(app)).toEqual([]);
    expect((await resume(app, { ticket })).status).toBe(200);
    expect((await resume(app, { ticket })).status).toBe(401);
  });

  it("of another kind, none, or a malformed one is refused", async () => {
    const app = twoOriginApp();
    expect((await resume(app, { ticket: 1 })).status).toBe(400);
    expect((await resume(app, {})).status).toBe(400);
    expect((await resume(app, { ticket: "unknown" })).status).toBe(401);
    const ticket = await ticketOf(app);
    expect((await tabOf(app).visit(`${API}/cross-domain/page?ticket=${ticket}`)).page?.status).toBe(
      410,
    );
  });
});

it("Better Auth still notes a flow's start under the name that is looked for", () => {
  expect(getAuthStateVerificationIdentifier("s")).toBe("auth-state:s");
});
