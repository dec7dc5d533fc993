import { createHash, randomBytes } from "node:crypto";
import { magicLink } from "better-auth/plugins/magic-link";
import { twoFactor } from "better-auth/plugins/two-factor";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { crossDomain } from "../../js/plugins/index.js";
import { createApp, createBrowser, PASSWORD, SITE } from "./support/app.js";
import type { App, AppOptions } from "./support/app.js";
import { createClientStorage } from "./support/cross-domain-client.js";

const FRONTEND = "http://localhost:5173";
const mails: string[] = [];
beforeEach(() => void mails.splice(0));

function verifierPair() {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

function crossDomainApp({ plugins = [], options, ...rest }: AppOptions = {}) {
  return createApp({
    ...rest,
    plugins: [
      crossDomain({ siteUrl: FRONTEND }),
      magicLink({ sendMagicLink: async ({ url }) => void mails.push(url) }),
      ...plugins,
    ],
    options: {
      advanced: { disableOriginCheck: false, disableCSRFCheck: false },
      socialProviders: { github: { clientId: "id", clientSecret: "secret" } },
      ...options,
    },
  });
}

/** Follows a redirect of the browser's address bar on the API's host. */
async function visit(browser: ReturnType<App["browser"]>, url: string, headers: HeadersInit = {}) {
  const { pathname, search } = new URL(url);
  return browser.request(pathname.replace("/api/auth", "") + search, {
    headers: { accept: "text/html", "sec-fetch-mode": "navigate", ...headers },
  });
}

async function magicLinkFlow(app: App, challenge: string) {
  const tab = createClientStorage(app.auth.handler, FRONTEND);
  await tab.request("/sign-in/magic-link", {
    body: { email: "m@example.com", callbackURL: "/welcome?x=1" },
    headers: { "Better-Auth-Cross-Domain-Verifier": challenge },
  });
  const browser = app.browser();
  const response = await visit(browser, mails.at(-1) ?? "");
  return { tab, browser, response, location: new URL(response.headers.get("location") ?? "") };
}

describe("cookies in headers", () => {
  it("are mirrored to the client and read back, exactly once each", async () => {
    const app = crossDomainApp();
    const tab = createClientStorage(app.auth.handler, FRONTEND);
    const response = await tab.request("/sign-up/email", {
      body: { email: "a@example.com", password: PASSWORD, name: "A" },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-expose-headers")).toContain(
      "set-better-auth-cookie",
    );
    expect([...tab.cookies.keys()]).toEqual(["__Secure-better-auth.session_token"]);
    const session = await (await tab.request("/get-session")).json();
    expect(session).toMatchObject({ user: { email: "a@example.com" } });
    expect((await tab.request("/convex/token")).status).toBe(200);
    await tab.request("/sign-out", { body: {} });
    expect(tab.cookies.size).toBe(0);
    expect(await (await tab.request("/get-session")).json()).toBeNull();
  });

  it("hold no JWT: no server reads them", async () => {
    const app = crossDomainApp();
    const tab = createClientStorage(app.auth.handler, FRONTEND);
    await tab.request("/sign-up/email", {
      body: { email: "a@example.com", password: PASSWORD, name: "A" },
    });
    const response = await tab.request("/convex/token");
    expect(response.headers.has("set-cookie")).toBe(false);
    expect(app.store.calls.listKeys).toBe(0);
  });

  it("two-factor: the pending sign-in's signed cookie survives the round trip", async () => {
    const otp = vi.fn();
    const app = crossDomainApp({
      plugins: [twoFactor({ otpOptions: { sendOTP: async ({ otp: code }) => void otp(code) } })],
    });
    const tab = createClientStorage(app.auth.handler, FRONTEND);
    await tab.request("/sign-up/email", {
      body: { email: "a@example.com", password: PASSWORD, name: "A" },
    });
    await tab.request("/two-factor/enable", { body: { password: PASSWORD } });
    const user = app.tables["user"]?.[0];
    if (user) user["twoFactorEnabled"] = true;
    tab.cookies.clear();
    const pending = await tab.request("/sign-in/email", {
      body: { email: "a@example.com", password: PASSWORD },
    });
    expect(await pending.json()).toMatchObject({ twoFactorRedirect: true });
    expect([...tab.cookies.keys()].some((name) => name.endsWith("session_token"))).toBe(false);
    expect((await tab.request("/two-factor/send-otp", { body: {} })).status).toBe(200);
    const verified = await tab.request("/two-factor/verify-otp", {
      body: { code: otp.mock.calls[0]?.[0] },
    });
    expect(verified.status).toBe(200);
    expect(await (await tab.request("/get-session")).json()).toMatchObject({
      user: { email: "a@example.com" },
    });
  });

  it("an ordinary request is left alone", async () => {
    const app = crossDomainApp();
    const browser = app.browser();
    const response = await browser.signUp("a@example.com");
    expect(response.headers.has("set-better-auth-cookie")).toBe(false);
    expect(browser.cookie("convex_jwt")).toBeDefined();
    const answer = await browser.request("/sign-in/social", {
      body: { provider: "github", callbackURL: "/inside" },
      headers: { origin: SITE },
    });
    const { url } = (await answer.json()) as { url: string };
    expect(new URL(url).host).toBe("github.com");
    expect(JSON.stringify(app.tables["verification"])).not.toContain(FRONTEND);
  });

  it("the frontend is a trusted origin, others are not", async () => {
    const app = crossDomainApp();
    const context = await app.auth.$context;
    expect(context.isTrustedOrigin(FRONTEND)).toBe(true);
    const stranger = createClientStorage(app.auth.handler, "https://evil.example");
    const body = { email: "a@example.com", password: PASSWORD, name: "A" };
    expect((await stranger.request("/sign-up/email", { body })).status).toBe(403);
  });
});

describe("one-time tokens", () => {
  it("sign in the tab that started the flow, once", async () => {
    const app = crossDomainApp();
    const { verifier, challenge } = verifierPair();
    const { tab, browser, location } = await magicLinkFlow(app, challenge);
    expect(location.origin + location.pathname).toBe(`${FRONTEND}/welcome`);
    expect([...location.searchParams.keys()].sort()).toEqual(["ott", "x"]);
    expect(browser.cookies.size).toBe(0);

    const body = { token: location.searchParams.get("ott"), verifier };
    const redeemed = await tab.request("/cross-domain/one-time-token/verify", { body });
    expect(redeemed.status).toBe(200);
    expect(await redeemed.json()).toMatchObject({ user: { email: "m@example.com" } });
    expect(await (await tab.request("/get-session")).json()).toMatchObject({
      user: { email: "m@example.com" },
    });

    const replay = createClientStorage(app.auth.handler, FRONTEND);
    expect((await replay.request("/cross-domain/one-time-token/verify", { body })).status).toBe(
      401,
    );
  });

  it("a wrong verifier is refused and uses the token up", async () => {
    const app = crossDomainApp();
    const { verifier, challenge } = verifierPair();
    const { tab, location } = await magicLinkFlow(app, challenge);
    const token = location.searchParams.get("ott");
    const path = "/cross-domain/one-time-token/verify";
    expect(
      (await tab.request(path, { body: { token, verifier: verifierPair().verifier } })).status,
    ).toBe(401);
    expect((await tab.request(path, { body: { token, verifier } })).status).toBe(401);
    expect(tab.cookies.size).toBe(0);
  });

  it("are gone after 60 s", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const app = crossDomainApp();
      const { verifier, challenge } = verifierPair();
      const { tab, location } = await magicLinkFlow(app, challenge);
      vi.setSystemTime(Date.now() + 60_001);
      const body = { token: location.searchParams.get("ott"), verifier };
      expect((await tab.request("/cross-domain/one-time-token/verify", { body })).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it("are hashed in the database", async () => {
    const app = crossDomainApp();
    const { location } = await magicLinkFlow(app, verifierPair().challenge);
    expect(JSON.stringify(app.tables["verification"])).not.toContain(
      location.searchParams.get("ott"),
    );
  });

  it("are not made without a challenge, nor for a foreign callback", async () => {
    const app = crossDomainApp();
    const { location } = await magicLinkFlow(app, "not-a-hash");
    expect(location.searchParams.has("ott")).toBe(false);
    const tab = createClientStorage(app.auth.handler, FRONTEND);
    const response = await tab.request("/sign-in/magic-link", {
      body: { email: "m@example.com", callbackURL: "https://evil.example/" },
      headers: { "Better-Auth-Cross-Domain-Verifier": verifierPair().challenge },
    });
    expect(response.status).toBe(403);
  });

  it("malformed bodies are a 400", async () => {
    const tab = createClientStorage(crossDomainApp().auth.handler, FRONTEND);
    expect(
      (await tab.request("/cross-domain/one-time-token/verify", { body: { token: 1 } })).status,
    ).toBe(400);
  });
});

describe("the way to a provider", () => {
  async function startSocial(
    tab: ReturnType<typeof createClientStorage>,
    path = "/sign-in/social",
  ) {
    const { verifier, challenge } = verifierPair();
    const response = await tab.request(path, {
      body: { provider: "github", callbackURL: "/inside" },
      headers: { "Better-Auth-Cross-Domain-Verifier": challenge },
    });
    const { url } = (await response.json()) as { url: string };
    return { url, verifier };
  }

  it("goes by way of this host, which sets the state cookie that the callback checks", async () => {
    const app = crossDomainApp();
    const tab = createClientStorage(app.auth.handler, FRONTEND);
    const { url, verifier } = await startSocial(tab);
    expect(new URL(url).origin).toBe(SITE);
    expect(tab.cookies.size).toBe(0);

    const browser = app.browser();
    const hop = await visit(browser, url, { referer: `${FRONTEND}/` });
    expect(hop.status).toBe(302);
    const provider = new URL(hop.headers.get("location") ?? "");
    expect(provider.host).toBe("github.com");
    expect(browser.cookie(".state")).toContain(provider.searchParams.get("state"));

    await withGithub(async () => {
      const callback = `/callback/github?code=c&state=${provider.searchParams.get("state")}`;
      const stranger = await createBrowser(app.auth.handler).request(callback);
      expect(stranger.headers.get("location")).toContain("error=state_mismatch");
      const done = await browser.request(callback);
      const location = new URL(done.headers.get("location") ?? "");
      expect(location.origin + location.pathname).toBe(`${FRONTEND}/inside`);
      expect(browser.cookie("session_token")).toBeUndefined();
      expect(browser.cookie("convex_jwt")).toBeUndefined();
      const body = { token: location.searchParams.get("ott"), verifier };
      expect((await tab.request("/cross-domain/one-time-token/verify", { body })).status).toBe(200);
      expect(await (await tab.request("/get-session")).json()).toMatchObject({
        user: { email: "g@example.com" },
      });
    });
  });

  it("refuses a first hop that another site led to, a forged one and an old one", async () => {
    const app = crossDomainApp();
    const tab = createClientStorage(app.auth.handler, FRONTEND);
    const { url } = await startSocial(tab);
    expect((await visit(app.browser(), url, { referer: "https://evil.example/" })).status).toBe(
      403,
    );
    expect((await visit(app.browser(), url)).status).toBe(302);
    expect((await visit(app.browser(), url.replace(/.{6}$/, "aaaaaa"))).status).toBe(400);
  });

  it("linking an account needs a page of ours, because it takes effect at the callback", async () => {
    const app = crossDomainApp();
    const tab = createClientStorage(app.auth.handler, FRONTEND);
    await tab.request("/sign-up/email", {
      body: { email: "a@example.com", password: PASSWORD, name: "A" },
    });
    const { url } = await startSocial(tab, "/link-social");
    expect((await visit(app.browser(), url)).status).toBe(403);
    expect((await visit(app.browser(), url, { referer: `${FRONTEND}/` })).status).toBe(302);
  });
});

describe("links in e-mails", () => {
  it("a relative callback means a page of the frontend", async () => {
    const app = crossDomainApp();
    const browser = app.browser();
    await browser.request("/sign-in/magic-link", {
      body: { email: "m@example.com", callbackURL: "/inbox" },
      headers: { origin: SITE },
    });
    const response = await visit(browser, mails[0] ?? "");
    expect(response.headers.get("location")).toBe(`${FRONTEND}/inbox`);
  });

  it("on one origin nothing is rewritten", async () => {
    const app = createApp({
      plugins: [
        crossDomain({ siteUrl: SITE }),
        magicLink({ sendMagicLink: async ({ url }) => void mails.push(url) }),
      ],
    });
    const browser = app.browser();
    await browser.request("/sign-in/magic-link", {
      body: { email: "m@example.com", callbackURL: "/inbox" },
    });
    const response = await visit(browser, mails[0] ?? "");
    expect(response.headers.get("location")).toBe(`${SITE}/inbox`);
    expect(browser.cookie("session_token")).toBeDefined();
  });
});

describe("options", () => {
  it.each([
    [undefined, "ENV_MISSING"],
    ["", "ENV_MISSING"],
    ["localhost:5173", "INVALID_OPTION"],
    ["/", "INVALID_OPTION"],
  ])("siteUrl %j is refused with %s", (siteUrl, code) => {
    expect(() => crossDomain({ siteUrl: siteUrl as string })).toThrowError(
      expect.objectContaining({ code }),
    );
  });
});

/** GitHub as far as a sign-in needs it. */
async function withGithub(run: () => Promise<void>): Promise<void> {
  const answers: [string, unknown][] = [
    ["https://github.com/login/oauth/access_token", { access_token: "t", token_type: "bearer" }],
    [
      "https://api.github.com/user/emails",
      [{ email: "g@example.com", primary: true, verified: true }],
    ],
    ["https://api.github.com/user", { id: 7, login: "g", name: "G", email: "g@example.com" }],
  ];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    const url = input instanceof Request ? input.url : String(input);
    const answer = answers.find(([prefix]) => url.startsWith(prefix));
    return answer ? Response.json(answer[1]) : new Response(null, { status: 404 });
  });
  try {
    await run();
  } finally {
    vi.unstubAllGlobals();
  }
}
