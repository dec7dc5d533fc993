/** Magic links, second factors, anonymous users, several sessions in one browser. */
import { leaves, sets } from "./case.js";
import type { Cases } from "./case.js";
import { PASSWORD } from "./world.js";
import type { World } from "./world.js";

const withPassword = { body: { password: PASSWORD } };

interface Enrolment {
  readonly totpURI: string;
  readonly backupCodes: readonly string[];
}

/** Turns the second factor on, but for the proof of it. */
async function enrol(world: World): Promise<Enrolment> {
  return world.prepare<Enrolment>("enableTwoFactor", withPassword);
}

function secretOf({ totpURI }: Enrolment): string {
  const encoded = new URL(totpURI).searchParams.get("secret") ?? "";
  // Base32 of the secret's text (RFC 4648 section 6).
  const bits = [...encoded]
    .map((char) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(char).toString(2).padStart(5, "0"))
    .join("");
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  return String.fromCharCode(...bytes);
}

async function totp(world: World, enrolment: Enrolment): Promise<string> {
  const body = { secret: secretOf(enrolment) };
  return (await world.prepare<{ code: string }>("generateTOTP", { body })).code;
}

/** Ada has a second factor, and her password has been given: the browser waits for the code. */
async function halfSignedIn(world: World): Promise<Enrolment> {
  const enrolment = await enrol(world);
  await world.prepare("verifyTOTP", { body: { code: await totp(world, enrolment) } });
  await world.prepare("signInEmail", { body: { email: world.ada.email, password: PASSWORD } });
  return enrolment;
}

async function otp(world: World): Promise<string> {
  await world.prepare("sendTwoFactorOTP", { body: {} });
  return world.mails.at(-1) ?? "";
}

/** Bob's session beside Ada's in one browser, his the active one. */
async function bothSignedIn(world: World): Promise<string> {
  await world.prepare("signInEmail", { body: { email: world.bob.email, password: PASSWORD } });
  return world.browser.cookie("session_token")?.split(".")[0] ?? "";
}

export const pluginCases: Cases = {
  signInMagicLink: leaves(({ bob }) => ({ body: { email: bob.email } })),
  magicLinkVerify: sets(
    async (world) => {
      await world.prepare("signInMagicLink", { body: { email: world.bob.email } });
      return { query: { token: world.mails.at(-1) ?? "" } };
    },
    { owner: "bob" },
  ),
  generateTOTP: leaves(() => ({ body: { secret: "some-secret-of-a-user" } })),
  getTOTPURI: leaves(async (world) => {
    await enrol(world);
    return withPassword;
  }),
  verifyTOTP: [
    {
      title: "to turn it on",
      effect: "sets",
      call: async (world) => ({ body: { code: await totp(world, await enrol(world)) } }),
    },
    {
      title: "to sign in",
      effect: "sets",
      call: async (world) => ({ body: { code: await totp(world, await halfSignedIn(world)) } }),
    },
    {
      title: "with a wrong code",
      effect: "leaves",
      status: 401,
      call: async (world) => {
        await halfSignedIn(world);
        return { body: { code: "abcdef" } };
      },
    },
  ],
  sendTwoFactorOTP: leaves(async (world) => {
    await halfSignedIn(world);
    return { body: {} };
  }),
  verifyTwoFactorOTP: sets(async (world) => {
    await halfSignedIn(world);
    return { body: { code: await otp(world) } };
  }),
  verifyBackupCode: sets(async (world) => ({
    body: { code: (await halfSignedIn(world)).backupCodes[0] },
  })),
  generateBackupCodes: leaves(async (world) => {
    await world.prepare("verifyTOTP", { body: { code: await totp(world, await enrol(world)) } });
    return withPassword;
  }),
  viewBackupCodes: leaves(async (world) => {
    await enrol(world);
    return { body: { userId: world.ada.id } };
  }),
  enableTwoFactor: leaves(() => withPassword),
  disableTwoFactor: sets(async (world) => {
    await world.prepare("verifyTOTP", { body: { code: await totp(world, await enrol(world)) } });
    return withPassword;
  }),
  signInAnonymous: sets(
    async (world) => {
      await world.prepare("signOut", { body: {} });
      return { body: {} };
    },
    { owner: "somebody new" },
  ),
  deleteAnonymousUser: [
    {
      effect: "clears",
      call: async (world) => {
        await world.prepare("signOut", { body: {} });
        await world.prepare("signInAnonymous", { body: {} });
        return { body: {} };
      },
    },
  ],
  listDeviceSessions: leaves(),
  setActiveSession: sets(async (world) => {
    await bothSignedIn(world);
    return { body: { sessionToken: world.ada.sessionToken } };
  }),
  revokeDeviceSession: [
    {
      title: "of the active one, while another is there",
      effect: "sets",
      call: async (world) => ({ body: { sessionToken: await bothSignedIn(world) } }),
    },
    {
      title: "of the only one",
      effect: "clears",
      call: ({ ada }) => ({ body: { sessionToken: ada.sessionToken } }),
    },
  ],
};
