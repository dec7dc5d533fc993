/** An app with its frontend on another origin, its mails, and GitHub as far as a sign-in needs it. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { anonymous } from "better-auth/plugins/anonymous";
import { magicLink } from "better-auth/plugins/magic-link";
import { vi } from "vitest";
import { openTab } from "../../support/tab.js";
import type { Tab } from "../../support/tab.js";
import { createApp, PASSWORD, plainPasswords, SITE } from "../support/app.js";
import type { App } from "../support/app.js";
import { crossDomain } from "../../../js/plugins/index.js";

export const FRONTEND = "http://localhost:5173";
export const OTHER_FRONTEND = "https://other.example.com";
export const API = `${SITE}/api/auth`;

/** The links of the mails that were sent, the last one last. */
export const mails: string[] = [];

/** What was linked, guest first. */
export const linked: { from: string; to: string }[] = [];

/** The app of these tests. */
export function twoOriginApp({
  siteUrl = FRONTEND,
  plugins = [],
  options,
}: {
  siteUrl?: string | string[];
  plugins?: BetterAuthPlugin[];
  options?: BetterAuthOptions;
} = {}): App {
  const send = async ({ url }: { url: string }): Promise<void> => void mails.push(url);
  return createApp({
    plugins: [
      ...plugins,
      crossDomain({ siteUrl }),
      magicLink({ sendMagicLink: send }),
      anonymous({
        onLinkAccount: async ({ anonymousUser, newUser }) =>
          void linked.push({ from: anonymousUser.user.id, to: newUser.user.id }),
      }),
    ],
    options: {
      // As on a deployment; Better Auth checks neither in tests.
      advanced: { disableOriginCheck: false, disableCSRFCheck: false },
      emailAndPassword: {
        enabled: true,
        password: plainPasswords,
        sendResetPassword: send,
      },
      emailVerification: {
        sendVerificationEmail: send,
        sendOnSignUp: false,
        autoSignInAfterVerification: true,
      },
      user: {
        changeEmail: { enabled: true },
        deleteUser: { enabled: true, sendDeleteAccountVerification: send },
      },
      socialProviders: { github: { clientId: "id", clientSecret: "secret" } },
      account: { accountLinking: { enabled: true, trustedProviders: ["github"] } },
      ...options,
    },
  });
}

/** A tab of the frontend. */
export function tabOf(app: App, origin = FRONTEND): Tab {
  return openTab({ handler: app.auth.handler, api: API, origin });
}

/** Signs a new person up in the tab. */
export async function signUp(tab: Tab, email = "a@example.com"): Promise<string> {
  const response = await tab.request("/sign-up/email", {
    body: { email, password: PASSWORD, name: "A" },
  });
  return ((await response.json()) as { user: { id: string } }).user.id;
}

/** The e-mail address of whoever is signed in, or null. */
export async function signedIn(tab: Tab): Promise<string | null> {
  const session = (await (await tab.request("/get-session")).json()) as {
    user?: { email: string };
  } | null;
  return session?.user?.email ?? null;
}

/** Starts a social sign-in and gives the address of the provider. */
export async function startSocial(
  tab: Tab,
  body: Record<string, unknown> = { callbackURL: "/inside" },
  path = "/sign-in/social",
): Promise<URL> {
  const response = await tab.request(path, { body: { provider: "github", ...body } });
  const { url } = (await response.json()) as { url: string };
  return new URL(url);
}

/** Where the provider sends the browser. */
export function callbackOf(provider: URL, fields: Record<string, string> = { code: "c" }): URL {
  const callback = new URL(`${API}/callback/github`);
  for (const [name, value] of Object.entries(fields)) callback.searchParams.set(name, value);
  callback.searchParams.set("state", provider.searchParams.get("state") ?? "");
  return callback;
}

/** A fake of GitHub's three addresses. Everything else is a 404. */
export async function withGithub<T>(run: () => Promise<T>, email = "g@example.com"): Promise<T> {
  const answers: [string, unknown][] = [
    ["https://github.com/login/oauth/access_token", { access_token: "t", token_type: "bearer" }],
    ["https://api.github.com/user/emails", [{ email, primary: true, verified: true }]],
    ["https://api.github.com/user", { id: 7, login: "g", name: "G", email }],
  ];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    const url = input instanceof Request ? input.url : String(input);
    const answer = answers.find(([prefix]) => url.startsWith(prefix));
    return answer ? Response.json(answer[1]) : new Response(null, { status: 404 });
  });
  try {
    return await run();
  } finally {
    vi.unstubAllGlobals();
  }
}

/** The link of the last mail. */
export const lastMail = (): URL => new URL(mails.at(-1) ?? "");

/** Where an identity provider posts its answers to. Nothing comes of them. */
export const samlEndpoint: BetterAuthPlugin = {
  id: "saml-endpoint",
  endpoints: {
    acs: createAuthEndpoint("/sso/saml2/sp/acs/:providerId", { method: "POST" }, async () =>
      Promise.resolve({}),
    ),
  },
};

/** The rows of what waits for a tab. */
export const parkedRows = (app: App): unknown[] =>
  (app.tables["verification"] ?? []).filter((row) =>
    String(row["identifier"]).startsWith("cross-domain:"),
  );
