/** Better Auth's own endpoints and those of `convex()`. */
import { leaves, sets } from "./case.js";
import type { Cases } from "./case.js";
import { PASSWORD } from "./world.js";
import type { World } from "./world.js";

const credentials = (email: string) => ({ email, password: PASSWORD });
const withPassword = { body: { password: PASSWORD } };
const idToken = (email: string) => ({ body: { provider: "google", idToken: { token: email } } });

/** The newest mail, which these tests let be the token alone. */
async function mailed(world: World, name: string, body: Record<string, unknown>): Promise<string> {
  await world.prepare(name, { body });
  return world.mails.at(-1) ?? "";
}

async function linked(world: World): Promise<string> {
  await world.prepare("linkSocialAccount", idToken(world.ada.email));
  const account = world.row("account", { userId: world.ada.id, providerId: "google" });
  Object.assign(account, { refreshToken: "refresh", accessToken: world.ada.email });
  return String(account["id"]);
}

async function oauthState(world: World): Promise<string> {
  const body = { provider: "google", callbackURL: "/", disableRedirect: true };
  const { url } = await world.prepare<{ url: string }>("signInSocial", { body });
  return new URL(url).searchParams.get("state") ?? "";
}

/** Verification mails go to whoever asks; the link may be opened in any browser. */
async function verificationToken(world: World, email: string): Promise<string> {
  world.row("user", { email })["emailVerified"] = false;
  await world.app.auth.api.sendVerificationEmail({ body: { email } });
  return world.mails.at(-1) ?? "";
}

export const coreCases: Cases = {
  signInSocial: [
    ...sets(
      ({ row, bob }) => {
        row("user", { id: bob.id })["emailVerified"] = true;
        return idToken(bob.email);
      },
      { owner: "bob" },
    ),
    ...leaves(() => ({ body: { provider: "google", callbackURL: "/", disableRedirect: true } })),
  ],
  callbackOAuth: sets(
    async (world) => ({
      params: { id: "google" },
      query: { state: await oauthState(world), code: "new@example.com" },
    }),
    { status: 302, owner: "somebody new" },
  ),
  getSession: [
    ...leaves(),
    {
      title: "that is due for renewal",
      effect: "sets",
      call: ({ row, ada }) => {
        row("session", { token: ada.sessionToken })["expiresAt"] = new Date(Date.now() + 60_000);
        return { query: { disableCookieCache: "true" } };
      },
    },
    {
      title: "whose row is gone",
      effect: "clears",
      call: ({ app }) => {
        app.tables["session"]?.splice(0);
        return { query: { disableCookieCache: "true" } };
      },
    },
  ],
  signOut: [{ effect: "clears", call: () => ({ body: {} }) }],
  signUpEmail: sets(() => ({ body: { ...credentials("new@example.com"), name: "New" } }), {
    owner: "somebody new",
  }),
  signInEmail: [
    ...sets(() => ({ body: credentials("bob@example.com") }), { owner: "bob" }),
    {
      title: "with a wrong password",
      effect: "leaves",
      status: 401,
      call: () => ({ body: { email: "bob@example.com", password: "wrong-password" } }),
    },
    {
      title: "until the browser closes",
      effect: "sets",
      owner: "bob",
      call: () => ({ body: { ...credentials("bob@example.com"), rememberMe: false } }),
    },
  ],
  resetPassword: leaves(async (world) => ({
    body: {
      token: await mailed(world, "requestPasswordReset", { email: world.ada.email }),
      newPassword: `${PASSWORD}!`,
    },
  })),
  verifyPassword: leaves(() => withPassword),
  verifyEmail: [
    {
      title: "of another user",
      effect: "sets",
      owner: "bob",
      call: async (world) => ({
        query: { token: await verificationToken(world, world.bob.email) },
      }),
    },
    {
      title: "of one's own",
      effect: "sets",
      call: async (world) => ({
        query: { token: await verificationToken(world, world.ada.email) },
      }),
    },
    {
      title: "with a token that is none",
      effect: "leaves",
      status: 401,
      call: () => ({ query: { token: "x" } }),
    },
  ],
  sendVerificationEmail: leaves(async (world) => {
    world.row("user", { id: world.ada.id })["emailVerified"] = false;
    // The cookie cache would still say verified.
    await world.prepare("getSession", { query: { disableCookieCache: "true" } });
    return { body: { email: world.ada.email } };
  }),
  changeEmail: leaves(() => ({ body: { newEmail: "new@example.com" } })),
  changePassword: [
    {
      title: "with the other sessions revoked",
      effect: "sets",
      call: () => ({
        body: { currentPassword: PASSWORD, newPassword: `${PASSWORD}!`, revokeOtherSessions: true },
      }),
    },
    ...leaves(() => ({ body: { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` } })),
  ],
  setPassword: leaves(({ app, ada }) => {
    const accounts = app.tables["account"] ?? [];
    accounts.splice(
      accounts.findIndex(({ userId }) => userId === ada.id),
      1,
    );
    return { body: { newPassword: `${PASSWORD}!` } };
  }),
  updateSession: sets(() => ({ body: { theme: "dark" } })),
  updateUser: sets(() => ({ body: { name: "Ada L." } })),
  deleteUser: [
    { title: "that asks for a mail first", effect: "leaves", call: () => withPassword },
    {
      title: "by the mailed token",
      effect: "clears",
      call: async (world) => ({ body: { token: await mailed(world, "deleteUser", {}) } }),
    },
  ],
  requestPasswordReset: leaves(({ ada }) => ({ body: { email: ada.email } })),
  requestPasswordResetCallback: [
    {
      effect: "leaves",
      status: 302,
      call: async (world) => ({
        params: {
          token: await mailed(world, "requestPasswordReset", { email: world.ada.email }),
        },
        query: { callbackURL: "/reset" },
      }),
    },
  ],
  listSessions: leaves(),
  revokeSession: [
    {
      title: "of oneself",
      effect: "clears",
      call: ({ ada }) => ({ body: { token: ada.sessionToken } }),
    },
    ...leaves(() => ({ body: { token: "another" } })),
  ],
  revokeSessions: [{ effect: "clears", call: () => ({ body: {} }) }],
  revokeOtherSessions: leaves(() => ({ body: {} })),
  linkSocialAccount: leaves(({ ada }) => idToken(ada.email)),
  listUserAccounts: leaves(),
  deleteUserCallback: [
    {
      effect: "clears",
      call: async (world) => ({ query: { token: await mailed(world, "deleteUser", {}) } }),
    },
  ],
  unlinkAccount: leaves(async (world) => ({ body: { accountId: await linked(world) } })),
  refreshToken: leaves(async (world) => ({ body: { accountId: await linked(world) } })),
  getAccessToken: leaves(async (world) => ({ body: { accountId: await linked(world) } })),
  accountInfo: leaves(async (world) => ({ query: { accountId: await linked(world) } })),
  getConvexToken: [
    { title: "once more", effect: "leaves", jwt: "sets", call: () => ({}) },
    {
      title: "anew",
      effect: "leaves",
      jwt: "sets",
      call: () => ({ query: { fresh: "1" } }),
    },
    {
      title: "of a session that is gone",
      effect: "leaves",
      jwt: "clears",
      status: 401,
      call: ({ app }) => {
        app.tables["session"]?.splice(0);
        return {};
      },
    },
  ],
  getConvexTokenByOldName: [{ effect: "leaves", jwt: "sets", call: () => ({}) }],
  rotateConvexKeys: leaves(() => ({ body: {} })),
  getConvexJwks: leaves(),
  getConvexOpenIdConfiguration: leaves(),
  ok: leaves(),
  error: leaves(),
};
