/**
 * The host of what leaves a deployment: of mailed links, of a provider's way back, and of cookies. It is the base URL's,
 * and never the one that a request names: a stranger would have the victim's single-use token sent to himself.
 */
import type { BetterAuthOptions } from "better-auth";
import { deviceAuthorization } from "better-auth/plugins/device-authorization";
import { magicLink } from "better-auth/plugins/magic-link";
import { organization } from "better-auth/plugins/organization";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { crossDomain } from "../../js/plugins/index.js";
import type { Ask } from "./support/http-app.js";
import { createHttpApp, ORIGIN, SITE } from "./support/http-app.js";

const EVIL = "evil.example";
/** What a stranger can write into a request to have another host believed. */
const FORGED = {
  host: EVIL,
  "x-forwarded-proto": "http",
  "x-original-host": EVIL,
  forwarded: `host=${EVIL};proto=http`,
};

afterEach(() => vi.unstubAllEnvs());

/** Everything that the app was given to send, as text. */
let sent: string[];
const send = (mail: object): Promise<void> => {
  // The request comes along as a second argument, which is the sender's own business.
  sent.push(JSON.stringify(mail));
  return Promise.resolve();
};

const app: BetterAuthOptions = {
  emailAndPassword: { enabled: true, sendResetPassword: send },
  emailVerification: { sendVerificationEmail: send, sendOnSignUp: true },
  user: {
    changeEmail: { enabled: true, sendChangeEmailConfirmation: send },
    deleteUser: { enabled: true, sendDeleteAccountVerification: send },
  },
  socialProviders: { github: { clientId: "app", clientSecret: "secret" } },
};

/** A person whose every request names the stranger's host. */
function person(ask: Ask) {
  let cookies = "";
  return async (path: string, body: object): Promise<{ text: string; setCookies: string[] }> => {
    const answer = await ask(`/api/auth${path}`, {
      method: "POST",
      host: EVIL,
      headers: { ...FORGED, "content-type": "application/json", origin: ORIGIN, cookie: cookies },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    expect([path, answer.status, text]).toEqual([path, 200, text]);
    const setCookies = answer.headers.getSetCookie();
    if (setCookies.some((cookie) => cookie.includes("session_token=")))
      cookies = setCookies.map((cookie) => cookie.replace(/;.*/, "")).join("; ");
    expect(answer.headers.get("location") ?? "").not.toContain(EVIL);
    return { text, setCookies };
  };
}

describe.each<[string, string, boolean]>([
  ["on one origin", ORIGIN, false],
  ["on two origins", SITE, true],
])("%s", (_, base, crossed) => {
  let post: ReturnType<typeof person>;
  const ada = { email: "ada@example.com", password: "correct horse", name: "Ada" };

  beforeEach(async () => {
    sent = [];
    const { ask } = createHttpApp({
      options: {
        ...app,
        get plugins() {
          return [
            magicLink({ sendMagicLink: send }),
            organization({ sendInvitationEmail: send }),
            deviceAuthorization(),
            ...(crossed ? [crossDomain()] : []),
          ];
        },
      },
    });
    post = person(ask);
    await post("/sign-up/email", ada);
  });

  /** The addresses of Better Auth in what was sent or answered: the one host that they have. */
  const hostsIn = (text: string): string[] => [
    ...new Set(
      [...text.matchAll(/https?:(?:\/\/|%2F%2F)[^\s"'\\,&]+/g)]
        .map(([url]) => new URL(decodeURIComponent(url)))
        .filter(({ pathname }) => pathname.startsWith("/api/auth"))
        .map(({ origin }) => origin),
    ),
  ];

  it.each<[string, string, object]>([
    ["the verification of an address", "/send-verification-email", { email: ada.email }],
    ["a new password", "/request-password-reset", { email: ada.email, redirectTo: "/reset" }],
    ["a magic link", "/sign-in/magic-link", { email: ada.email, callbackURL: "/" }],
    ["another address", "/change-email", { newEmail: "lovelace@example.com" }],
    ["the end of an account", "/delete-user", { callbackURL: "/" }],
  ])("the mail for %s leads to the base URL", async (_, path, body) => {
    sent = [];
    await post(path, body);
    expect(sent).toHaveLength(1);
    expect(hostsIn(sent.join())).toEqual([base]);
    expect(sent.join()).not.toContain(EVIL);
  });

  it("the mail of a sign-up, too", () => {
    expect(sent).toHaveLength(1);
    expect(hostsIn(sent.join())).toEqual([base]);
    expect(sent.join()).not.toContain(EVIL);
  });

  it("an invitation to an organization names no host of the request's", async () => {
    sent = [];
    const { text } = await post("/organization/create", { name: "Engines", slug: "engines" });
    const { id } = JSON.parse(text) as { id: string };
    await post("/organization/invite-member", {
      email: "babbage@example.com",
      role: "member",
      organizationId: id,
    });
    expect(sent).toHaveLength(1);
    expect(sent.join()).not.toContain(EVIL);
  });

  it("the way back from a provider is the base URL", async () => {
    const { text } = await post("/sign-in/social", { provider: "github", callbackURL: "/" });
    const { url } = JSON.parse(text) as { url: string };
    expect(new URL(url).searchParams.get("redirect_uri")).toBe(`${base}/api/auth/callback/github`);
    expect(text).not.toContain(EVIL);
  });

  it("a device is sent to the app's page", async () => {
    const { text } = await post("/device/code", { client_id: "television" });
    expect(JSON.parse(text)).toMatchObject({ verification_uri: `${ORIGIN}/device` });
    expect(text).not.toContain(EVIL);
  });

  it("cookies are the base URL's: secure, and of no other domain", async () => {
    const { setCookies } = await post("/sign-in/email", ada);
    expect(setCookies.length).toBeGreaterThan(1);
    for (const cookie of setCookies) {
      expect(cookie).toMatch(/^__Secure-better-auth\..*; Secure/);
      expect(cookie).not.toMatch(/domain=/i);
    }
  });
});

it("cookies of an app on http, as on the developer's machine, have no prefix that browsers refuse there", async () => {
  const origin = "http://localhost:5173";
  const { ask } = createHttpApp({ env: { SITE_URL: origin }, options: { trustedOrigins: [] } });
  const answer = await ask("/api/auth/sign-up/email", {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ email: "ada@example.com", password: "correct horse", name: "Ada" }),
  });
  const [session = ""] = answer.headers.getSetCookie();
  expect([answer.status, session]).toEqual([200, expect.stringMatching(/^better-auth\./)]);
  expect(session).not.toMatch(/; Secure/);
});
