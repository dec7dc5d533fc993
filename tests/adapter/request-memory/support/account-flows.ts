/** Flows of accounts, of codes and links, and of sessions. */
import { PASSWORD } from "../../../plugins/support/app.js";
import type { Flow, Scene } from "./scene.js";
import { bob, emailOf, flow, named, one, OTHER, phoneOf } from "./scene.js";

export const core: Flow[] = [
  one("nobody", "/sign-up/email", { email: emailOf("new"), password: PASSWORD, name: "New" }),
  one("nobody", "/sign-in/email", bob),
  one("nobody", "/sign-in/username", { username: "bob_name", password: PASSWORD }),
  one("nobody", "/sign-in/phone-number", { phoneNumber: phoneOf("bob"), password: PASSWORD }),
  one("nobody", "/sign-in/anonymous", {}),
  one("bob", "/sign-out", {}),
  one("bob", "/get-session"),
  one("bob", "/convex/token?fresh=1"),
  one("bob", "/list-sessions"),
  one("bob", "/list-accounts"),
  one("bob", "/update-user", { name: "Robert" }),
  named("/update-user to a taken name", one("bob", "/update-user", { username: "eve_name" })),
  one("bob", "/change-email", { newEmail: emailOf("robert") }),
  named("/change-email to a taken one", one("bob", "/change-email", { newEmail: emailOf("eve") })),
  one("bob", "/change-password", {
    currentPassword: PASSWORD,
    newPassword: OTHER,
    revokeOtherSessions: true,
  }),
  one("bob", "/revoke-sessions", {}),
  one("bob", "/revoke-other-sessions", {}),
  one("bob", "/delete-user", { password: PASSWORD }),
  one("nobody", "/request-password-reset", { email: bob.email }),
  flow(
    "/reset-password",
    async ({ prepare, mailed }) => {
      await prepare("nobody", "/request-password-reset", { email: bob.email });
      return {
        as: "nobody",
        path: "/reset-password",
        body: { token: mailed(), newPassword: OTHER },
      };
    },
    () => [
      {
        as: "bob",
        path: "/change-password",
        body: { currentPassword: PASSWORD, newPassword: "a third password" },
      },
    ],
  ),
  flow("/verify-email", async ({ world, ids, prepare, mailed }) => {
    await world.write("user", ids.bob, { emailVerified: false });
    await prepare("bob", "/send-verification-email", { email: bob.email });
    return { as: "bob", path: `/verify-email?token=${mailed()}` };
  }),
];

export const codes: Flow[] = [
  one("nobody", "/sign-in/magic-link", { email: bob.email }),
  ...["bob", "new"].map((name) =>
    flow(`/magic-link/verify of ${name}`, async ({ prepare, mailed }) => {
      await prepare("nobody", "/sign-in/magic-link", { email: emailOf(name), name });
      return { as: "nobody", path: `/magic-link/verify?token=${mailed()}` };
    }),
  ),
  one("nobody", "/email-otp/send-verification-otp", { email: bob.email, type: "sign-in" }),
  ...["bob", "new"].map((name) =>
    flow(
      `/sign-in/email-otp of ${name}`,
      async ({ prepare, mailed }) => {
        const email = emailOf(name);
        await prepare("nobody", "/email-otp/send-verification-otp", { email, type: "sign-in" });
        return { as: "nobody", path: "/sign-in/email-otp", body: { email, otp: mailed() } };
      },
      () => [
        {
          as: "eve",
          path: "/email-otp/send-verification-otp",
          body: { email: emailOf(name), type: "sign-in" },
        },
        { as: "eve", path: "/sign-in/email-otp", body: { email: emailOf(name), otp: "none" } },
      ],
    ),
  ),
  flow("/sign-in/email-otp with a wrong code", async ({ prepare }) => {
    const { email } = bob;
    await prepare("nobody", "/email-otp/send-verification-otp", { email, type: "sign-in" });
    return { as: "nobody", path: "/sign-in/email-otp", body: { email, otp: "none" } };
  }),
  flow("/email-otp/verify-email", async ({ prepare, mailed }) => {
    const { email } = bob;
    const body = { email, type: "email-verification" };
    await prepare("nobody", "/email-otp/send-verification-otp", body);
    return { as: "nobody", path: "/email-otp/verify-email", body: { email, otp: mailed() } };
  }),
  flow("/email-otp/reset-password", async ({ prepare, mailed }) => {
    const { email } = bob;
    await prepare("nobody", "/email-otp/request-password-reset", { email });
    const body = { email, otp: mailed(), password: OTHER };
    return { as: "nobody", path: "/email-otp/reset-password", body };
  }),
  one("bob", "/phone-number/send-otp", { phoneNumber: "+49300000000" }),
  flow("/phone-number/verify", async ({ prepare, mailed }) => {
    const phoneNumber = phoneOf("bob");
    await prepare("nobody", "/phone-number/send-otp", { phoneNumber });
    return { as: "nobody", path: "/phone-number/verify", body: { phoneNumber, code: mailed() } };
  }),
  flow("/phone-number/verify of a new number", async ({ prepare, mailed }) => {
    const phoneNumber = "+49300000000";
    await prepare("bob", "/phone-number/send-otp", { phoneNumber });
    const body = { phoneNumber, code: mailed(), updatePhoneNumber: true };
    return { as: "bob", path: "/phone-number/verify", body };
  }),
  flow("/phone-number/reset-password", async ({ prepare, mailed }) => {
    const phoneNumber = phoneOf("bob");
    await prepare("nobody", "/phone-number/request-password-reset", { phoneNumber });
    const body = { phoneNumber, otp: mailed(), newPassword: OTHER };
    return { as: "nobody", path: "/phone-number/reset-password", body };
  }),
  one("bob", "/one-time-token/generate"),
  flow("/one-time-token/verify", async ({ prepare }) => {
    const body = await prepare("bob", "/one-time-token/generate");
    return { as: "nobody", path: "/one-time-token/verify", body };
  }),
  one("nobody", "/device/code", { client_id: "television" }),
  flow("/device/approve", async (scene) => ({
    as: "bob",
    path: "/device/approve",
    body: { userCode: (await device(scene)).user_code },
  })),
  flow("/device/token", async (scene) => {
    const { user_code: userCode, device_code } = await device(scene);
    await scene.prepare("bob", "/device/approve", { userCode });
    return { as: "nobody", path: "/device/token", body: { ...television, device_code } };
  }),
];

const television = {
  grant_type: "urn:ietf:params:oauth:grant-type:device_code",
  client_id: "television",
};

async function device({ prepare }: Scene): Promise<{ user_code: string; device_code: string }> {
  const made = await prepare<{ user_code: string; device_code: string }>("nobody", "/device/code", {
    client_id: "television",
  });
  await prepare("bob", `/device?user_code=${made.user_code}`);
  return made;
}

const withPassword = { password: PASSWORD };

/** Bob has a second factor, and his password has been given. */
async function halfSignedIn({ prepare }: Scene): Promise<string[]> {
  const path = "/two-factor/enable";
  const { backupCodes } = await prepare<{ backupCodes: string[] }>("bob", path, withPassword);
  await prepare("nobody", "/sign-in/email", bob);
  return backupCodes;
}

export const sessions: Flow[] = [
  one("bob", "/two-factor/enable", withPassword),
  flow("/two-factor/disable", async ({ prepare }) => {
    await prepare("bob", "/two-factor/enable", withPassword);
    return { as: "bob", path: "/two-factor/disable", body: withPassword };
  }),
  flow("/two-factor/generate-backup-codes", async ({ prepare }) => {
    await prepare("bob", "/two-factor/enable", withPassword);
    return { as: "bob", path: "/two-factor/generate-backup-codes", body: withPassword };
  }),
  flow("/sign-in/email with a second factor", async ({ prepare }) => {
    await prepare("bob", "/two-factor/enable", withPassword);
    return { as: "nobody", path: "/sign-in/email", body: bob };
  }),
  flow("/two-factor/send-otp", async (scene) => {
    await halfSignedIn(scene);
    return { as: "nobody", path: "/two-factor/send-otp", body: {} };
  }),
  flow("/two-factor/verify-otp", async (scene) => {
    await halfSignedIn(scene);
    await scene.prepare("nobody", "/two-factor/send-otp", {});
    return { as: "nobody", path: "/two-factor/verify-otp", body: { code: scene.mailed() } };
  }),
  flow("/two-factor/verify-backup-code", async (scene) => {
    const [code] = await halfSignedIn(scene);
    return { as: "nobody", path: "/two-factor/verify-backup-code", body: { code } };
  }),
  one("bob", "/multi-session/list-device-sessions"),
  flow("/multi-session/set-active", async (scene) => ({
    as: "bob",
    path: "/multi-session/set-active",
    body: { sessionToken: await besideDan(scene) },
  })),
  flow("/multi-session/revoke", async (scene) => {
    await besideDan(scene);
    const { session } = await scene.prepare<WithSession>("bob", "/get-session");
    return { as: "bob", path: "/multi-session/revoke", body: { sessionToken: session.token } };
  }),
  flow("/delete-anonymous-user", async ({ prepare }) => {
    await prepare("nobody", "/sign-in/anonymous", {});
    return { as: "nobody", path: "/delete-anonymous-user", body: {} };
  }),
];

interface WithSession {
  readonly session: { readonly token: string };
}

/** Bob's browser is Dan's too, whose session is the active one. Gives Bob's. */
async function besideDan({ prepare }: Scene): Promise<string> {
  const { session } = await prepare<WithSession>("bob", "/get-session");
  await prepare("bob", "/sign-in/email", { email: emailOf("dan"), password: PASSWORD });
  return session.token;
}
