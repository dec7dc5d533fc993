import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { anonymous } from "better-auth/plugins/anonymous";
import { magicLink } from "better-auth/plugins/magic-link";
import { multiSession } from "better-auth/plugins/multi-session";
import { organization } from "better-auth/plugins/organization";
import { twoFactor } from "better-auth/plugins/two-factor";
import { describe, expect, it, vi } from "vitest";
import { createAuthServer } from "../../js/ssr/index.js";
import { createApp, createBrowser, decode, PASSWORD, SITE } from "./support/app.js";
import type { App, Browser } from "./support/app.js";

/** The claims of the JWT cookie that a browser holds. */
function jwtOf(browser: Browser) {
  const token = browser.cookie("convex_jwt");
  return token === undefined ? undefined : decode(token).claims;
}

/** Asserts that the browser's JWT, if it has one, belongs to the session of its session cookie. */
function expectAgreement(app: App, browser: Browser) {
  const sessionToken = browser.cookie("session_token")?.split(".")[0];
  const session = app.tables["session"]?.find((row) => row["token"] === sessionToken);
  const jwt = jwtOf(browser);
  if (!session) expect(jwt).toBeUndefined();
  else expect(jwt).toMatchObject({ sessionId: session["id"], sub: session["userId"] });
}

function setsJwt(response: Response) {
  return response.headers.getSetCookie().some((cookie) => cookie.includes("convex_jwt="));
}

describe("the JWT cookie follows the session cookie", () => {
  it("through sign-up, sign-out, sign-in and a change of password", async () => {
    const app = createApp();
    const browser = app.browser();
    await browser.signUp("a@example.com");
    expectAgreement(app, browser);
    const first = jwtOf(browser);
    expect(first).toBeDefined();
    await browser.request("/sign-out", { body: {} });
    expect(browser.cookies.size).toBe(0);
    await browser.signIn("a@example.com");
    expectAgreement(app, browser);
    expect(jwtOf(browser)?.["sessionId"]).not.toBe(first?.["sessionId"]);
    const before = jwtOf(browser);
    await browser.request("/change-password", {
      body: { currentPassword: PASSWORD, newPassword: `${PASSWORD}!`, revokeOtherSessions: true },
    });
    expectAgreement(app, browser);
    expect(jwtOf(browser)?.["sessionId"]).not.toBe(before?.["sessionId"]);
  });

  it("is left alone by responses that do not touch the session cookie", async () => {
    const app = createApp();
    const browser = app.browser();
    await browser.signUp("a@example.com");
    app.store.forgetCalls();
    for (const path of ["/get-session", "/list-sessions", "/ok", "/convex/jwks"])
      expect(setsJwt(await browser.request(path))).toBe(false);
    const failed = await browser.request("/sign-in/email", {
      body: { email: "a@example.com", password: "wrong-password" },
    });
    expect(failed.status).toBe(401);
    expect(setsJwt(failed)).toBe(false);
    expectAgreement(app, browser);
    expect(app.store.calls).toMatchObject({ tokenContext: 0, listKeys: 1 });
  });

  it("is cleared when the session turns out to be gone", async () => {
    const app = createApp();
    const browser = app.browser();
    await browser.signUp("a@example.com");
    app.tables["session"]?.splice(0);
    await browser.request("/get-session");
    expect(jwtOf(browser)).toBeUndefined();
  });

  it.each([true, false])("waits for the second factor, convex() first: %s", async (convexFirst) => {
    const sendOTP = vi.fn();
    const app = createApp({
      convexFirst,
      plugins: [twoFactor({ otpOptions: { sendOTP: async ({ otp }) => void sendOTP(otp) } })],
    });
    const browser = app.browser();
    await browser.signUp("a@example.com");
    const user = app.tables["user"]?.[0];
    await browser.request("/two-factor/enable", { body: { password: PASSWORD } });
    if (user) user["twoFactorEnabled"] = true;
    await browser.request("/sign-out", { body: {} });
    const pending = await browser.signIn("a@example.com");
    expect(await pending.json()).toMatchObject({ twoFactorRedirect: true });
    expect(jwtOf(browser)).toBeUndefined();
    await browser.request("/two-factor/send-otp", { body: {} });
    await browser.request("/two-factor/verify-otp", { body: { code: sendOTP.mock.calls[0]?.[0] } });
    expect(jwtOf(browser)).toBeDefined();
    expectAgreement(app, browser);
  });

  it("belongs to the other user after a magic link was opened in a signed-in browser", async () => {
    const mails: string[] = [];
    const app = createApp({
      plugins: [magicLink({ sendMagicLink: async ({ url }) => void mails.push(url) })],
    });
    const browser = app.browser();
    await browser.signUp("a@example.com");
    const first = jwtOf(browser);
    await browser.request("/sign-in/magic-link", { body: { email: "b@example.com" } });
    const { pathname, search } = new URL(mails[0] ?? "");
    await browser.request(pathname.replace("/api/auth", "") + search);
    expectAgreement(app, browser);
    expect(jwtOf(browser)?.["sub"]).not.toBe(first?.["sub"]);
  });

  it("follows the active session of several, organizations and anonymous users", async () => {
    const app = createApp({ plugins: [multiSession(), organization(), anonymous()] });
    const browser = app.browser();
    const first = await browser.signUp("a@example.com");
    const { token } = (await first.json()) as { token: string };
    await browser.signUp("b@example.com");
    expectAgreement(app, browser);
    const userB = jwtOf(browser)?.["sub"];
    await browser.request("/multi-session/set-active", { body: { sessionToken: token } });
    expectAgreement(app, browser);
    expect(jwtOf(browser)?.["sub"]).not.toBe(userB);
    await browser.request("/organization/create", { body: { name: "O", slug: "o" } });
    expectAgreement(app, browser);
    await browser.request("/multi-session/revoke", { body: { sessionToken: token } });
    expectAgreement(app, browser);
    expect(jwtOf(browser)?.["sub"]).toBe(userB);
    const other = app.browser();
    await other.request("/sign-in/anonymous", { body: {} });
    expect(jwtOf(other)).toBeDefined();
    expectAgreement(app, other);
  });

  it("is cleared, not minted, when a cached session without a row is renewed", async () => {
    const app = createApp({ options: { session: { cookieCache: { enabled: true } } } });
    const browser = app.browser();
    await browser.signUp("a@example.com");
    app.tables["session"]?.splice(0);
    const response = await browser.request("/update-user", { body: { name: "Still here" } });
    expect(setsJwt(response) || response.status !== 200).toBe(true);
    expect(jwtOf(browser)).toBeUndefined();
  });

  it("is cleared when no JWT can be made, and the sign-in succeeds", async () => {
    const app = createApp();
    app.store.listKeys = async () => Promise.reject(new Error("component is down"));
    const browser = app.browser();
    const response = await browser.signUp("a@example.com");
    expect(response.status).toBe(200);
    expect(setsJwt(response)).toBe(true);
    expect(jwtOf(browser)).toBeUndefined();
    expect(app.logs.join()).toContain("No JWT could be made");
  });

  it("lives no longer than the browser when the session does not", async () => {
    const app = createApp();
    const browser = app.browser();
    await browser.signUp("a@example.com");
    const body = { email: "a@example.com", password: PASSWORD, rememberMe: false };
    const response = await browser.request("/sign-in/email", { body });
    const cookie = response.headers
      .getSetCookie()
      .findLast((entry) => entry.includes("convex_jwt="));
    expect(cookie).not.toContain("Max-Age");
    const token = await browser.request("/convex/token?fresh=1");
    expect(token.headers.getSetCookie().join()).not.toContain("Max-Age");
  });

  it("has the attributes and the prefix of the app's other cookies", async () => {
    const app = createApp({
      options: { advanced: { cookiePrefix: "my-app", useSecureCookies: false } },
    });
    const response = await app.browser().signUp("a@example.com");
    const cookie = response.headers
      .getSetCookie()
      .find((entry) => entry.startsWith("my-app.convex_jwt="));
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).not.toMatch(/; Secure/);
    expect(cookie).toMatch(/; SameSite=Lax/);
  });

  it("auth.api calls keep to it too", async () => {
    const app = createApp();
    const { headers } = await app.auth.api.signUpEmail({
      body: { email: "a@example.com", password: PASSWORD, name: "A" },
      returnHeaders: true,
    });
    expect(headers.getSetCookie().filter((entry) => entry.includes("convex_jwt="))).toHaveLength(1);
  });

  it("a plugin that ends the session after ours has run is still followed", async () => {
    const { createAuthMiddleware } = await import("better-auth/api");
    const { deleteSessionCookie } = await import("better-auth/cookies");
    const spoiler: BetterAuthPlugin = {
      id: "spoiler",
      hooks: {
        after: [
          {
            matcher: ({ path }) => path === "/sign-up/email",
            handler: createAuthMiddleware(async (ctx) => deleteSessionCookie(ctx)),
          },
        ],
      },
    };
    const browser = createApp({ convexFirst: true, plugins: [spoiler] }).browser();
    await browser.signUp("a@example.com");
    expect(browser.cookies.size).toBe(0);
  });
});

describe("a JWT that is too large for a cookie", () => {
  const IMAGE = `data:image/png;base64,${"A".repeat(4000)}`;
  const largeApp = (options: BetterAuthOptions = {}) =>
    createApp({ convexOptions: { jwt: { claims: ["email", "image"] } }, options });

  /** RFC 6265bis section 5.6: a name and value of more than 4096 octets are as if they were not there. */
  function asBrowsersSee(response: Response): Response {
    const headers = new Headers();
    for (const entry of response.headers.getSetCookie()) {
      const [pair = ""] = entry.split(";");
      if (pair.length - "=".length <= 4096) headers.append("set-cookie", entry);
    }
    return new Response(response.body, { status: response.status, headers });
  }

  /** A browser that ignores what browsers ignore, and how often it was told to change its JWT. */
  function realBrowser(app: App) {
    let changes = 0;
    const browser = createBrowser(async (request) => {
      const answer = await app.auth.handler(request);
      if (setsJwt(answer)) changes += 1;
      return asBrowsersSee(answer);
    });
    const post = async (path: string, body: Record<string, unknown>): Promise<void> => {
      expect((await browser.request(path, { body, headers: { origin: SITE } })).status).toBe(200);
    };
    const join = (email: string, image?: string): Promise<void> =>
      post("/sign-up/email", { email, password: PASSWORD, name: email, image });
    return { ...browser, post, join, changes: () => changes };
  }

  /** What a server that renders pages takes the browser's user for. */
  async function renderedFor(app: App, browser: Browser) {
    const asked: string[] = [];
    const server = createAuthServer({
      convexUrl: "https://happy-animal-1.convex.cloud",
      convexSiteUrl: SITE,
      siteUrl: "https://app.example.com",
      fetch: (input, init) => {
        asked.push(new URL(input as string).pathname);
        return app.auth.handler(new Request(input as string, init));
      },
    });
    const request = server.forRequest(new Headers({ cookie: browser.cookieHeader() }));
    const { token } = await request.getState();
    await request.getToken();
    const email = decode(token ?? "").claims["email"];
    return { email, asked, setCookies: request.setCookies() };
  }

  it("leaves none of the user before, and servers ask for it, once a page, and change nothing", async () => {
    const app = largeApp();
    const browser = realBrowser(app);
    await browser.signUp("a@example.com");
    expect(jwtOf(browser)?.["email"]).toBe("a@example.com");
    // Somebody else, without a sign-out between.
    await browser.join("b@example.com", IMAGE);
    expect(jwtOf(browser)).toBeUndefined();
    for (let page = 0; page < 2; page += 1)
      expect(await renderedFor(app, browser)).toEqual({
        email: "b@example.com",
        asked: ["/api/auth/convex/token"],
        setCookies: [],
      });
    const before = browser.changes();
    await browser.token();
    await browser.token("?fresh=1");
    expect(browser.changes()).toBe(before);
  });

  it("clears the one from before at the token endpoint", async () => {
    const app = largeApp();
    const browser = realBrowser(app);
    await browser.signUp("a@example.com");
    for (const row of app.tables["user"] ?? []) row["image"] = IMAGE;
    const before = browser.changes();
    expect(decode(await browser.token("?fresh=1")).claims["image"]).toBe(IMAGE);
    expect(jwtOf(browser)).toBeUndefined();
    await browser.token();
    expect(browser.changes()).toBe(before + 1);
  });

  it("has a cookie again once it is smaller", async () => {
    const app = largeApp();
    const browser = realBrowser(app);
    await browser.join("a@example.com", IMAGE);
    expect(jwtOf(browser)).toBeUndefined();
    await browser.post("/update-user", { image: "https://example.com/a.png" });
    await browser.token("?fresh=1");
    expectAgreement(app, browser);
    expect(jwtOf(browser)?.["image"]).toBe("https://example.com/a.png");
  });

  it("is told in the log once, without the token", async () => {
    const app = largeApp({ advanced: { cookiePrefix: "told-once" } });
    for (const email of ["a@example.com", "b@example.com"])
      await realBrowser(app).join(email, IMAGE);
    const told = app.logs.filter((line) => line.includes("too large for the cookie"));
    expect(told).toHaveLength(1);
    expect(told[0]).not.toMatch(/eyJ|AAAA/);
  });
});
