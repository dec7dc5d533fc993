import { createAuthEndpoint } from "better-auth/api";
import { oauthPopup } from "better-auth/plugins";
import { beforeEach, describe, expect, it } from "vitest";
import { PASSWORD, SITE } from "../support/app.js";
import {
  API,
  callbackOf,
  FRONTEND,
  lastMail,
  linked,
  mails,
  OTHER_FRONTEND,
  parkedRows,
  samlEndpoint,
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

describe("come home", () => {
  it("a flow that names no page, to the root of the app", async () => {
    const app = twoOriginApp();
    const tab = tabOf(app);
    const provider = await startSocial(tab, {});
    const { address } = await withGithub(() => tab.visit(callbackOf(provider)));
    expect(address.href).toBe(`${FRONTEND}/`);
    expect(await signedIn(tab)).toBe("g@example.com");
  });

  it("a flow that names no page, to a frontend below a path, as its address is given", async () => {
    const home = "https://person.example.io/app/";
    const tab = tabOf(twoOriginApp({ siteUrl: [FRONTEND, home] }), new URL(home).origin);
    const provider = await startSocial(tab, {});
    const { address } = await withGithub(() => tab.visit(callbackOf(provider)));
    expect(address.href).toBe(home);
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

  it.each<[string, string, Record<string, string> | undefined, boolean]>([
    ["a link", `/verify-email?token=${"A".repeat(70_000)}`, undefined, true],
    ["a form post", "/callback/github", { state: "s", code: "A".repeat(70_000) }, true],
    ["an answer of SAML", "/sso/saml2/sp/acs/p", { SAMLResponse: "A".repeat(300_000) }, true],
    ["one elsewhere", "/callback/github", { SAMLResponse: "A".repeat(200_000) }, true],
    ["no link", `/verify-email?token=${"A".repeat(60_000)}`, undefined, false],
    ["no answer of SAML", "/sso/saml2/sp/acs/p", { SAMLResponse: "A".repeat(200_000) }, false],
  ])("%s that is too large", async (_, path, fields, isTooLarge) => {
    const app = twoOriginApp({ plugins: [samlEndpoint] });
    const form = fields && { form: new URLSearchParams(fields) };
    const { headers } = await tabOf(app).navigate(new URL(API + path), form);
    const home = headers.get("location") ?? "";
    expect(home === `${FRONTEND}/?error=REQUEST_TOO_LARGE`, home).toBe(isTooLarge);
    expect(parkedRows(app)).toHaveLength(isTooLarge ? 0 : 1);
  });

  it("a page of Better Auth that is too large to keep", async () => {
    const page = createAuthEndpoint("/large", { method: "GET" }, async () =>
      Promise.resolve(
        new Response("x".repeat(300_000), { headers: { "content-type": "text/html" } }),
      ),
    );
    const app = twoOriginApp({ plugins: [{ id: "large", endpoints: { page } }] });
    const { address } = await tabOf(app).visit(`${API}/large?x=1`);
    expect(address.href).toBe(`${FRONTEND}/?error=ANSWER_TOO_LARGE`);
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
