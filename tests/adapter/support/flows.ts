/** The flows of Better Auth's core and what each may cost: component calls, in order, and the documents each reads. */
import type { BetterAuthOptions } from "better-auth";
import { organization } from "better-auth/plugins/organization";
import { jwt } from "better-auth/plugins/jwt";
import { PASSWORD, plainPasswords } from "../../plugins/support/app.js";
import type { Browser } from "../../plugins/support/app.js";
import type { ComponentApp } from "../../support/component-app.js";
import { createComponentApp } from "../../support/component-app.js";

/** One flow: a request whose component calls are counted. */
export interface Flow {
  name: string;
  /** `module:function documents-read` of each component call. */
  costs: string[];
  /** The most calls that the design allows, where it names a number. */
  ceiling?: number;
  /** What the app adds to its options. */
  options?: BetterAuthOptions;
  /** What happens before, uncounted. */
  before?: (world: World) => Promise<unknown>;
  request: (world: World) => Promise<Response>;
}

/** An app with users, one of them signed in. */
export interface World {
  app: ComponentApp;
  /** Signed in as {@link email}. */
  browser: Browser;
  /** A browser of nobody. */
  stranger: Browser;
  /** The tokens that were mailed, newest last. */
  mails: string[];
  /** Sets when the user's session expires, in ms from now. */
  expireIn(ms: number): Promise<unknown>;
}

const email = "ada@example.com";
const DAY_MS = 24 * 60 * 60 * 1000;
const limited: BetterAuthOptions = {
  // Without the rule for sign-up, or the other users could not sign up so fast.
  rateLimit: { enabled: true, customRules: { "/sign-up/*": false } },
};
const withJwt: BetterAuthOptions = { plugins: [jwt()] };

/** An app with this many other users, each with an account and a session. */
export async function createWorld(others: number, options: BetterAuthOptions = {}): Promise<World> {
  const mails: string[] = [];
  const mail = ({ token }: { token: string }): Promise<void> =>
    Promise.resolve(void mails.push(token));
  const { plugins = [], ...rest } = options;
  const app = createComponentApp({
    plugins,
    options: {
      socialProviders: { github: { clientId: "id", clientSecret: "secret" } },
      emailAndPassword: { enabled: true, password: plainPasswords, sendResetPassword: mail },
      emailVerification: { sendVerificationEmail: mail },
      user: { deleteUser: { enabled: true } },
      ...rest,
    },
  });
  for (let index = 0; index < others; index += 1) {
    await app.browser().signUp(`other-${String(index)}@example.com`);
  }
  const browser = app.browser();
  await browser.signUp(email);
  const ada = (await app.rows("user")).find((user) => user["email"] === email);
  return {
    app,
    browser,
    stranger: app.browser(),
    mails,
    expireIn: (ms) =>
      app.harness.store().run("updateMany", {
        model: "session",
        where: [{ field: "userId", value: ada?.["id"] }],
        update: { expiresAt: Date.now() + ms },
      }),
  };
}

const post =
  (path: string, body: object = {}) =>
  ({ browser }: World): Promise<Response> =>
    browser.request(path, { body });
const get =
  (path: string) =>
  ({ browser }: World): Promise<Response> =>
    browser.request(path);

/** Every flow of section "calls per HTTP request", as measured; each number is a promise. */
export const flows: Flow[] = [
  {
    name: "get-session without a cookie",
    costs: [],
    request: ({ stranger }) => stranger.request("/get-session"),
  },
  {
    name: "get-session with a forged cookie",
    costs: [],
    before: ({ browser, stranger }) => {
      for (const [name, value] of browser.cookies) stranger.cookies.set(name, `x${value}`);
      return Promise.resolve();
    },
    request: ({ stranger }) => stranger.request("/get-session"),
  },
  { name: "get-session", costs: ["gate:findOne 2"], ceiling: 1, request: get("/get-session") },
  {
    name: "get-session when a refresh is due",
    costs: ["gate:findOne 2", "gate:update 1", "gate:listKeys 1"],
    before: ({ expireIn }) => expireIn(3 * DAY_MS),
    request: get("/get-session"),
  },
  {
    name: "get-session when it has expired",
    costs: ["gate:findOne 2", "gate:deleteOne 1"],
    before: ({ expireIn }) => expireIn(-DAY_MS),
    request: get("/get-session"),
  },
  {
    name: "get-session with the cookie cache",
    costs: [],
    options: { session: { cookieCache: { enabled: true } } },
    request: get("/get-session"),
  },
  {
    name: "the first token",
    costs: ["gate:tokenContext 3", "gate:storeToken 1"],
    request: get("/convex/token"),
  },
  {
    name: "a warm token",
    costs: ["gate:tokenContext 4"],
    ceiling: 1,
    before: get("/convex/token"),
    request: get("/convex/token"),
  },
  {
    name: "a warm token when a renewal is due",
    costs: ["gate:tokenContext 4", "transactions:commit 3"],
    ceiling: 2,
    before: async ({ browser, expireIn }) => {
      await browser.token();
      await expireIn(3 * DAY_MS);
    },
    request: get("/convex/token"),
  },
  {
    name: "a forced token when a renewal is due",
    costs: ["gate:tokenContext 3", "transactions:commit 2"],
    ceiling: 2,
    before: ({ expireIn }) => expireIn(3 * DAY_MS),
    request: get("/convex/token?fresh=1"),
  },
  { name: "the key set", costs: ["gate:listKeys 1"], request: get("/convex/jwks") },
  {
    name: "get-session with jwt()",
    costs: ["gate:findOne 2", "gate:findMany 1"],
    options: withJwt,
    before: get("/jwks"),
    request: get("/get-session"),
  },
  {
    name: "token of jwt()",
    costs: ["gate:findOne 2", "gate:findMany 1"],
    options: withJwt,
    before: get("/jwks"),
    request: get("/token"),
  },
  {
    name: "key set of jwt()",
    costs: ["gate:findMany 1"],
    options: withJwt,
    before: get("/jwks"),
    request: get("/jwks"),
  },
  {
    name: "sign-up",
    costs: ["gate:findOne 0", "transactions:commit 1"],
    ceiling: 2,
    request: ({ stranger }) => stranger.signUp("bob@example.com"),
  },
  {
    name: "sign-in",
    // The session's user is read again where the session is made: a deletion may have come in between.
    costs: ["gate:findOne 2", "gate:commit 2"],
    ceiling: 2,
    request: ({ stranger }) => stranger.signIn(email),
  },
  {
    name: "sign-out",
    costs: ["gate:findOne 2", "gate:commit 2"],
    ceiling: 2,
    request: post("/sign-out"),
  },
  {
    name: "one's membership of an organization, which comes along with the session",
    costs: ["gate:findOne 3"],
    ceiling: 1,
    options: { plugins: [organization()] },
    before: post("/organization/create", { name: "A", slug: "a" }),
    request: get("/organization/get-active-member"),
  },
  {
    name: "asking for a password reset",
    costs: ["gate:findOne 2", "gate:create 0"],
    request: post("/request-password-reset", { email, redirectTo: "/" }),
  },
  {
    name: "resetting a password",
    costs: ["gate:findMany 1", "gate:findOne 1", "gate:findOne 1", "transactions:commit 5"],
    ceiling: 4,
    before: post("/request-password-reset", { email, redirectTo: "/" }),
    request: ({ mails, browser }) =>
      browser.request("/reset-password", {
        body: { token: mails.at(-1), newPassword: "another password" },
      }),
  },
  {
    name: "changing a password, other sessions revoked",
    costs: ["gate:findOne 2", "gate:findOne 1", "gate:findMany 2", "transactions:commit 7"],
    ceiling: 4,
    before: ({ stranger }) => stranger.signIn(email),
    request: post("/change-password", {
      currentPassword: PASSWORD,
      newPassword: "another password",
      revokeOtherSessions: true,
    }),
  },
  {
    name: "starting a social sign-in",
    costs: ["gate:create 0"],
    request: post("/sign-in/social", { provider: "github" }),
  },
  {
    name: "verifying an e-mail address",
    costs: ["gate:findOne 1", "gate:update 1"],
    before: post("/send-verification-email", { email }),
    request: ({ mails, browser }) => browser.request(`/verify-email?token=${mails.at(-1) ?? ""}`),
  },
  {
    name: "list-sessions",
    costs: ["gate:findOne 2", "gate:findMany 1"],
    request: get("/list-sessions"),
  },
  {
    name: "delete-user",
    costs: [
      "gate:findOne 2",
      "gate:findOne 1",
      "gate:findMany 1",
      "gate:findMany 1",
      "transactions:commit 6",
      "gate:findMany 0",
    ],
    request: post("/delete-user", { password: PASSWORD }),
  },
  {
    name: "a first request with rate limits",
    costs: ["gate:consumeRate 0"],
    options: limited,
    request: ({ stranger }) =>
      stranger.request("/ok", { headers: { "x-forwarded-for": "203.0.113.9" } }),
  },
  {
    name: "a later request with rate limits",
    costs: ["gate:consumeRate 1", "gate:findOne 2", "gate:findMany 1"],
    options: limited,
    before: get("/list-sessions"),
    request: get("/list-sessions"),
  },
  {
    name: "asking for one's session, which is not counted",
    costs: ["gate:findOne 2"],
    options: limited,
    before: get("/get-session"),
    request: get("/get-session"),
  },
];
