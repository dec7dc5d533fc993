import { getAuthStateVerificationIdentifier } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { oauthPopup } from "better-auth/plugins";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PASSWORD, SITE } from "../support/app.js";
import type { App } from "../support/app.js";
import {
  API,
  callbackOf,
  FRONTEND,
  linked,
  mails,
  OTHER_FRONTEND,
  signedIn,
  signUp,
  startSocial,
  tabOf,
  twoOriginApp,
  withGithub,
} from "./support.js";

beforeEach(() => {
  mails.length = 0;
  linked.length = 0;
});

const lastMail = (): URL => new URL(mails.at(-1) ?? "");
const parkedRows = (app: App): unknown[] =>
  (app.tables["verification"] ?? []).filter((row) =>
    String(row["identifier"]).startsWith("cross-domain:"),
  );

describe("come home", () => {
  it("a flow that names no page, to the root of the app", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    const provider = await startSocial(tab, {});
    const { address } = await withGithub(() => tab.visit(callbackOf(provider)));
    expect(address.href).toBe(`${FRONTEND}/`);
    expect(await signedIn(tab)).toBe("g@example.com");
  });

  it("a provider's callback, to the page that the flow ends at", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    const provider = await startSocial(tab, { callbackURL: "/inside?x=1#top" });
    expect(provider.host).toBe("github.com");
    await withGithub(async () => {
      const parked = await tab.navigate(callbackOf(provider));
      expect(parked.status).toBe(303);
      expect(parked.headers.get("cache-control")).toBe("no-store");
      expect(parked.headers.get("referrer-policy")).toBe("no-referrer");
      const home = new URL(parked.headers.get("location") ?? "");
      expect(home.origin + home.pathname + home.hash).toBe(`${FRONTEND}/inside#top`);
      expect([...home.searchParams.keys()]).toEqual(["x", "auth_ticket"]);
      expect((await tab.visit(home)).address.href).toBe(`${FRONTEND}/inside?x=1#top`);
    });
    expect(await signedIn(tab)).toBe("g@example.com");
    expect(tab.hostCookies.size).toBe(0);
    expect(parkedRows(app)).toEqual([]);
  });

  it("a session whose cookie comes in chunks", async () => {
    const app = twoOriginApp({
      options: {
        session: { cookieCache: { enabled: true } },
        user: {
          additionalFields: {
            bio: { type: "string", defaultValue: "x".repeat(6_000), input: false },
          },
        },
      },
    });
    const tab = tabOf(app);
    const provider = await startSocial(tab);
    await withGithub(() => tab.visit(callbackOf(provider)));
    const chunks = Object.keys(tab.cookies()).filter((name) => /session_data\.\d$/.test(name));
    expect(chunks.length).toBeGreaterThan(1);
    // Whole, the chunks are the session: its row is not asked for.
    app.tables["session"]?.splice(0);
    expect(await signedIn(tab)).toBe("g@example.com");
    await tab.request("/sign-out", { body: {} });
    expect(tab.cookies()).toEqual({});
  });

  it("a callback by form post, which carries no cookies, as Apple's", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    const provider = await startSocial(tab);
    const form = callbackOf(provider).searchParams;
    const arrival = await withGithub(() => tab.visit(`${API}/callback/github`, { form }));
    expect(arrival.address.href).toBe(`${FRONTEND}/inside`);
    expect(await signedIn(tab)).toBe("g@example.com");
  });

  it("a magic link, also in another browser", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    await tab.request("/sign-in/magic-link", {
      body: { email: "m@example.com", callbackURL: "/welcome", newUserCallbackURL: "/new" },
    });
    const other = tabOf(app);
    expect((await other.visit(lastMail())).address.href).toBe(`${FRONTEND}/new`);
    expect(await signedIn(other)).toBe("m@example.com");
    expect(await signedIn(tab)).toBeNull();
    expect((await tab.visit(lastMail())).address.href).toBe(
      `${FRONTEND}/welcome?error=INVALID_TOKEN`,
    );
  });

  it("a magic link with a relative callback, made by the server", async () => {
    const app = twoOriginApp();
    const browser = app.browser();
    await browser.request("/sign-in/magic-link", {
      body: { email: "m@example.com", callbackURL: "/inbox" },
      headers: { origin: SITE },
    });
    const tab = tabOf(app);
    expect((await tab.visit(lastMail())).address.href).toBe(`${FRONTEND}/inbox`);
    expect(await signedIn(tab)).toBe("m@example.com");
  });

  it("verify-email, change-email, delete-user and reset-password by mail", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    await signUp(tab);
    await tab.request("/send-verification-email", {
      body: { email: "a@example.com", callbackURL: "/verified" },
    });
    expect((await tab.visit(lastMail())).address.href).toBe(`${FRONTEND}/verified`);
    expect(app.tables["user"]?.[0]).toMatchObject({ emailVerified: true });

    await tab.request("/change-email", {
      body: { newEmail: "b@example.com", callbackURL: "/changed" },
    });
    expect((await tab.visit(lastMail())).address.href).toBe(`${FRONTEND}/changed`);
    expect(await signedIn(tab)).toBe("b@example.com");

    await tab.request("/request-password-reset", {
      body: { email: "b@example.com", redirectTo: "/reset" },
    });
    const { address } = await tab.visit(lastMail());
    expect(address.origin + address.pathname).toBe(`${FRONTEND}/reset`);
    const token = address.searchParams.get("token");
    const reset = await tab.request("/reset-password", {
      body: { token, newPassword: `${PASSWORD}!` },
    });
    expect(reset.status).toBe(200);

    await tab.request("/delete-user", { body: { callbackURL: "/bye" } });
    expect((await tab.visit(lastMail())).address.href).toBe(`${FRONTEND}/bye`);
    expect(await signedIn(tab)).toBeNull();
    expect(app.tables["user"]).toEqual([]);
  });

  it("link-social, for the user of the tab", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    const userId = await signUp(tab, "g@example.com");
    const provider = await startSocial(tab, { callbackURL: "/settings" }, "/link-social");
    const { address } = await withGithub(() => tab.visit(callbackOf(provider)));
    expect(address.href).toBe(`${FRONTEND}/settings`);
    expect(app.tables["account"]?.find((row) => row["providerId"] === "github")).toMatchObject({
      userId,
    });
  });

  it.each(["social", "magic link"])("a guest's %s, and the guest is linked once", async (way) => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    await tab.request("/sign-in/anonymous", { body: {} });
    if (way === "social") {
      const provider = await startSocial(tab);
      await withGithub(() => tab.visit(callbackOf(provider)));
    } else {
      await tab.request("/sign-in/magic-link", { body: { email: "g@example.com" } });
      await tab.visit(lastMail());
    }
    expect(await signedIn(tab)).toBe("g@example.com");
    expect(linked).toHaveLength(1);
    expect(app.tables["user"]).toEqual([expect.objectContaining({ id: linked[0]?.to })]);
  });

  it("a popup's page, shown by the deployment, with the session in the tab's jar", async () => {
    const app = twoOriginApp({ plugins: [oauthPopup()] });
    const tab = tabOf(app);
    const start = new URL(`${API}/oauth-popup/start`);
    for (const [name, value] of Object.entries({
      provider: "github",
      popupOrigin: FRONTEND,
      popupNonce: "n",
    }))
      start.searchParams.set(name, value);
    const { address: provider } = await tab.visit(start);
    expect(provider.host).toBe("github.com");
    const { page, address } = await withGithub(() => tab.visit(callbackOf(provider)));
    expect(address.origin + address.pathname).toBe(`${API}/cross-domain/page`);
    expect(page?.headers.get("content-security-policy")).toContain("script-src");
    const html = (await page?.text()) ?? "";
    expect(html).toContain("better-auth:oauth-popup");
    expect(html).toContain(FRONTEND);
    expect(await signedIn(tab)).toBe("g@example.com");
    expect((await tab.visit(address)).page?.status).toBe(410);
  });
});

describe("failures come home", () => {
  it.each([
    ["cancelled at the provider", { error: "access_denied" }, "access_denied"],
    ["no code", {}, "no_code"],
  ])("%s", async (_, fields, code) => {
    const tab = tabOf(twoOriginApp());
    const provider = await startSocial(tab);
    const { address } = await tab.visit(callbackOf(provider, fields as Record<string, string>));
    expect(address.origin).toBe(FRONTEND);
    expect(address.searchParams.get("error")).toBe(code);
  });

  it("an unknown, a used and a lost state", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    const unknown = await tab.visit(`${API}/callback/github?code=c&state=unknown`);
    expect(unknown.address.href).toBe(`${FRONTEND}/?error=state_mismatch`);
    const none = await tab.visit(`${API}/callback/github?code=c`);
    expect(none.address.href).toBe(`${FRONTEND}/?error=state_not_found`);

    const provider = await startSocial(tab);
    await withGithub(() => tab.visit(callbackOf(provider)));
    // The Back button.
    const again = await tab.visit(callbackOf(provider));
    expect(again.address.href).toBe(`${FRONTEND}/?error=state_mismatch`);
    expect(await signedIn(tab)).toBe("g@example.com");

    const lost = await startSocial(tab);
    const elsewhere = await tabOf(app).visit(callbackOf(lost));
    expect(elsewhere.address.href).toBe(`${FRONTEND}/inside?error=state_mismatch`);
  });

  it("a sign-up that is disabled, and a link that is refused", async () => {
    const app = twoOriginApp({
      options: {
        socialProviders: {
          github: { clientId: "id", clientSecret: "secret", disableSignUp: true },
        },
        account: { accountLinking: { enabled: true, allowDifferentEmails: false } },
      },
    });
    const tab = tabOf(app);
    const { address } = await withGithub(async () => tab.visit(callbackOf(await startSocial(tab))));
    expect(address.searchParams.get("error")).toBe("signup_disabled");
    await signUp(tab, "someone@example.com");
    const link = await withGithub(async () =>
      tab.visit(callbackOf(await startSocial(tab, { callbackURL: "/settings" }, "/link-social"))),
    );
    expect(link.address.origin).toBe(FRONTEND);
    expect(link.address.searchParams.get("error")).toMatch(/email|link/);
  });

  it("a state in a cookie that was lost", async () => {
    const app = twoOriginApp({ options: { account: { storeStateStrategy: "cookie" } } });
    const tab = tabOf(app);
    const provider = await startSocial(tab);
    const { address } = await withGithub(() => tabOf(app).visit(callbackOf(provider)));
    expect(address.href).toBe(`${FRONTEND}/?error=state_mismatch`);
    await withGithub(() => tab.visit(callbackOf(provider)));
    expect(await signedIn(tab)).toBe("g@example.com");
  });

  it("the app's own error pages are honoured", async () => {
    const own = tabOf(twoOriginApp());
    const provider = await startSocial(own, { callbackURL: "/in", errorCallbackURL: "/oops" });
    const { address } = await own.visit(callbackOf(provider, { error: "access_denied" }));
    expect(address.href).toBe(`${FRONTEND}/oops?error=access_denied`);

    const general = tabOf(
      twoOriginApp({ options: { onAPIError: { errorURL: `${FRONTEND}/failed` } } }),
    );
    const arrival = await general.visit(`${API}/callback/github?code=c&state=unknown`);
    expect(arrival.address.href).toBe(`${FRONTEND}/failed?error=state_mismatch`);
  });

  it("what would be raw JSON, and Better Auth's own error page", async () => {
    const tab = tabOf(twoOriginApp());
    const json = await tab.visit(`${API}/verify-email?token=wrong`);
    expect(json.address.href).toBe(`${FRONTEND}/?error=INVALID_TOKEN`);
    const page = await tab.visit(`${API}/error?error=please_restart_the_process`);
    expect(page.address.href).toBe(`${FRONTEND}/?error=please_restart_the_process`);
    const gone = await tab.visit(`${API}/no/such/path?x=1`);
    expect(gone.address.href).toBe(`${FRONTEND}/?error=HTTP_404`);
  });

  it("a link that leads to a disabled endpoint", async () => {
    const app = twoOriginApp({ options: { disabledPaths: ["/magic-link/verify"] } });
    const tab = tabOf(app);
    await tab.request("/sign-in/magic-link", { body: { email: "m@example.com" } });
    const disabled = lastMail();
    expect((await tab.navigate(disabled)).status).toBe(404);
    for (const path of [disabled.pathname, `${disabled.pathname}/`]) {
      const link = new URL(`${API}/verify-email?token=wrong`);
      link.searchParams.set("callbackURL", SITE + path + disabled.search);
      expect((await tab.visit(link)).address.href).toBe(`${FRONTEND}/?error=HTTP_404`);
    }
    expect(await signedIn(tab)).toBeNull();
  });

  it.each([
    ["a form post", "", { RelayState: "x", SAMLResponse: "A".repeat(300_000) }],
    ["a link", `?token=${"A".repeat(300_000)}`, undefined],
  ])("%s that is too large", async (_, query, fields) => {
    const app = twoOriginApp();
    const form = fields && new URLSearchParams(fields as Record<string, string>);
    const { address } = await tabOf(app).visit(`${API}/sso/saml2/sp/acs/p${query}`, {
      ...(form ? { form } : {}),
    });
    expect(address.href).toBe(`${FRONTEND}/?error=REQUEST_TOO_LARGE`);
    expect(parkedRows(app)).toEqual([]);
  });
});

describe("several frontends", () => {
  const siteUrl = [FRONTEND, OTHER_FRONTEND];

  it("a flow ends at its own", async () => {
    const app = twoOriginApp({ siteUrl });
    const tab = tabOf(app, OTHER_FRONTEND);
    const provider = await startSocial(tab);
    const { address } = await withGithub(() => tab.visit(callbackOf(provider)));
    expect(address.href).toBe(`${OTHER_FRONTEND}/inside`);
    expect(await signedIn(tab)).toBe("g@example.com");
    await tab.request("/sign-in/magic-link", {
      body: { email: "m@example.com", callbackURL: "/" },
    });
    expect((await tab.visit(lastMail())).address.href).toBe(`${OTHER_FRONTEND}/`);
  });

  it.each([FRONTEND, OTHER_FRONTEND])(
    "a flow that names no page to end at ends at the root of its own, %s",
    async (origin) => {
      const tab = tabOf(twoOriginApp({ siteUrl }), origin);
      const provider = await startSocial(tab, {});
      const { address } = await withGithub(() => tab.visit(callbackOf(provider)));
      expect(address.href).toBe(`${origin}/`);
      expect(await signedIn(tab)).toBe("g@example.com");
    },
  );

  it.each([FRONTEND, OTHER_FRONTEND])("a popup ends for its opener, at %s", async (origin) => {
    const tab = tabOf(twoOriginApp({ siteUrl, plugins: [oauthPopup()] }), origin);
    const start = new URL(`${API}/oauth-popup/start`);
    start.search = new URLSearchParams({ provider: "github", popupOrigin: origin }).toString();
    const { address: provider } = await tab.visit(start);
    const { page } = await withGithub(() => tab.visit(callbackOf(provider)));
    expect(await page?.text()).toContain(`"targetOrigin":"${origin}"`);
    expect(await signedIn(tab)).toBe("g@example.com");
  });

  it("one that names none ends at the first", async () => {
    const app = twoOriginApp({ siteUrl });
    const { address } = await tabOf(app).visit(`${API}/callback/github?code=c&state=x`);
    expect(address.origin).toBe(FRONTEND);
  });
});

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
