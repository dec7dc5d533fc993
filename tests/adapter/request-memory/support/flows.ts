/** The flows: requests of people, each with what has to be there before it, and what others do meanwhile. */
import { PASSWORD } from "../../../plugins/support/app.js";
import type { Ask, Who, World } from "./world.js";

/** What a flow finds: people, an organization with a team and two owners, and whoever else is needed. */
export interface Scene {
  readonly world: World;
  readonly ids: Readonly<Record<Exclude<Who, "nobody">, string>>;
  /** Of Ada, who made it, and of Eve, the other owner. Bob is a member and Dan is invited. */
  readonly organizationId: string;
  readonly teamId: string;
  readonly invitationId: string;
  /** Bob's membership. */
  readonly memberId: string;
  /** Makes a request on the way, and gives its answer. */
  prepare<T = Record<string, never>>(as: Who, path: string, body?: object): Promise<T>;
  /** The last mail. */
  mailed(): string;
}

/** One flow. */
export interface Flow {
  readonly name: string;
  /** Prepares the request and says what it is. */
  readonly ask: (scene: Scene) => Ask | Promise<Ask>;
  /** What else others may do meanwhile. */
  readonly rivals?: (scene: Scene) => readonly Ask[];
}

const PEOPLE = ["ada", "bob", "dan", "eve"] as const;
const OTHER = `${PASSWORD} more`;
const emailOf = (name: string): string => `${name}@example.com`;
const phoneOf = (name: string): string => `+4912345678${String(PEOPLE.indexOf(name as "ada"))}`;
const bob = { email: emailOf("bob"), password: PASSWORD };

/** Makes what all flows begin with. */
export async function createScene(world: World): Promise<Scene> {
  let seed = 1_000;
  const prepare: Scene["prepare"] = async <T>(as: Who, path: string, body?: object) => {
    seed += 1;
    const ask = body === undefined ? { as, path } : { as, path, body };
    const { response } = await world.ask(ask, { memory: false, seed });
    if (response.status >= 400) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json().catch(() => ({}))) as T;
  };
  const ids: Record<string, string> = {};
  for (const name of PEOPLE) {
    const account = { email: emailOf(name), password: PASSWORD, name, username: `${name}_name` };
    const { user } = await prepare<{ user: { id: string } }>(name, "/sign-up/email", account);
    ids[name] = user.id;
    const role = name === "ada" || name === "eve" ? "admin" : "user";
    const phone = { phoneNumber: phoneOf(name), phoneNumberVerified: true };
    await world.write("user", user.id, { role, emailVerified: true, ...phone });
    // Another device.
    if (name === "bob") await prepare("bob", "/sign-in/email", bob);
  }
  const { id: organizationId } = await prepare<WithId>("ada", "/organization/create", {
    name: "Engines",
    slug: "engines",
  });
  const { id: teamId } = await prepare<WithId>("ada", "/organization/create-team", {
    name: "Cards",
    organizationId,
  });
  const invited = async (name: Who, role: string): Promise<string> => {
    const body = { email: emailOf(name), role, organizationId };
    return (await prepare<WithId>("ada", "/organization/invite-member", body)).id;
  };
  const joined = async (name: Who, role: string): Promise<string> => {
    const body = { invitationId: await invited(name, role) };
    const path = "/organization/accept-invitation";
    return (await prepare<{ member: WithId }>(name, path, body)).member.id;
  };
  const memberId = await joined("bob", "member");
  await joined("eve", "owner");
  return {
    world,
    ids: ids as unknown as Scene["ids"],
    organizationId,
    teamId,
    memberId,
    invitationId: await invited("dan", "member"),
    prepare,
    mailed: () => world.mails.at(-1) ?? "",
  };
}

interface WithId {
  readonly id: string;
}

/** A flow that is one request. */
function one(as: Who, path: string, body?: object | ((scene: Scene) => object)): Flow {
  return {
    name: path.replace(/\?.*/, ""),
    ask: (scene) => {
      if (body === undefined) return { as, path: filled(path, scene) };
      return { as, path, body: typeof body === "function" ? body(scene) : body };
    },
  };
}

function filled(path: string, scene: Scene): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: "teamId") => scene[name]);
}

function named(name: string, flow: Flow): Flow {
  return { ...flow, name };
}

/** A flow with something before it. */
function flow(name: string, ask: Flow["ask"], rivals?: Flow["rivals"]): Flow {
  return { name, ask, ...(rivals && { rivals }) };
}

const ofOrganization = ({ organizationId }: Scene): object => ({ organizationId });
const ofBob = ({ ids }: Scene): object => ({ userId: ids.bob });

const core: Flow[] = [
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

const codes: Flow[] = [
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

const sessions: Flow[] = [
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

const administration: Flow[] = [
  one("ada", "/admin/create-user", { email: emailOf("new"), password: PASSWORD, name: "New" }),
  one("ada", "/admin/list-users?limit=2"),
  one("ada", "/admin/update-user", ({ ids }) => ({ userId: ids.bob, data: { name: "Robert" } })),
  one("ada", "/admin/set-role", ({ ids }) => ({ userId: ids.bob, role: "admin" })),
  one("ada", "/admin/ban-user", ofBob),
  flow("/admin/unban-user", async ({ prepare, ids }) => {
    await prepare("ada", "/admin/ban-user", { userId: ids.bob });
    return { as: "ada", path: "/admin/unban-user", body: { userId: ids.bob } };
  }),
  one("ada", "/admin/set-user-password", ({ ids }) => ({ userId: ids.bob, newPassword: OTHER })),
  one("ada", "/admin/list-user-sessions", ofBob),
  one("ada", "/admin/revoke-user-sessions", ofBob),
  one("ada", "/admin/remove-user", ofBob),
  one("ada", "/admin/impersonate-user", ofBob),
  flow("/admin/stop-impersonating", async ({ prepare, ids }) => {
    await prepare("ada", "/admin/impersonate-user", { userId: ids.bob });
    return { as: "ada", path: "/admin/stop-impersonating", body: {} };
  }),
];

const inTeam = async ({ prepare, ids, teamId, organizationId }: Scene): Promise<object> => {
  const body = { teamId, userId: ids.bob, organizationId };
  await prepare("ada", "/organization/add-team-member", body);
  return body;
};

const organizations: Flow[] = [
  one("bob", "/organization/create", { name: "Mills", slug: "mills" }),
  named(
    "/organization/create of a taken name",
    one("bob", "/organization/create", { name: "Engines", slug: "engines" }),
  ),
  one("ada", "/organization/update", (scene) => ({
    ...ofOrganization(scene),
    data: { name: "Looms" },
  })),
  one("ada", "/organization/delete", ofOrganization),
  one("bob", "/organization/set-active", ofOrganization),
  one("ada", "/organization/get-full-organization?organizationId={organizationId}"),
  one("bob", "/organization/list"),
  one("ada", "/organization/list-members?organizationId={organizationId}"),
  one("ada", "/organization/list-invitations?organizationId={organizationId}"),
  one("ada", "/organization/get-active-member"),
  one("ada", "/organization/get-active-member-role"),
  one("ada", "/organization/has-permission", { permissions: { member: ["delete"] } }),
  one("ada", "/organization/invite-member", (scene) => ({
    ...ofOrganization(scene),
    email: emailOf("new"),
    role: "member",
  })),
  one("dan", "/organization/accept-invitation", ({ invitationId }) => ({ invitationId })),
  one("dan", "/organization/reject-invitation", ({ invitationId }) => ({ invitationId })),
  one("ada", "/organization/cancel-invitation", ({ invitationId }) => ({ invitationId })),
  one("dan", "/organization/get-invitation?id={invitationId}"),
  one("dan", "/organization/list-user-invitations"),
  one("ada", "/organization/update-member-role", (scene) => ({
    ...ofOrganization(scene),
    memberId: scene.memberId,
    role: "admin",
  })),
  one("ada", "/organization/remove-member", (scene) => ({
    ...ofOrganization(scene),
    memberIdOrEmail: scene.memberId,
  })),
  one("bob", "/organization/leave", ofOrganization),
  one("ada", "/organization/create-team", (scene) => ({ ...ofOrganization(scene), name: "Mill" })),
  one("ada", "/organization/update-team", ({ teamId }) => ({ teamId, data: { name: "Punch" } })),
  one("ada", "/organization/remove-team", (scene) => ({
    ...ofOrganization(scene),
    teamId: scene.teamId,
  })),
  one("ada", "/organization/list-teams?organizationId={organizationId}"),
  one("ada", "/organization/add-team-member", ({ ids, teamId, organizationId }) => ({
    teamId,
    userId: ids.bob,
    organizationId,
  })),
  flow("/organization/remove-team-member", async (scene) => ({
    as: "ada",
    path: "/organization/remove-team-member",
    body: await inTeam(scene),
  })),
  flow("/organization/set-active-team", async (scene) => {
    await inTeam(scene);
    await scene.prepare("bob", "/organization/set-active", ofOrganization(scene));
    return { as: "bob", path: "/organization/set-active-team", body: { teamId: scene.teamId } };
  }),
  flow("/organization/list-user-teams", async (scene) => {
    await inTeam(scene);
    return { as: "bob", path: "/organization/list-user-teams" };
  }),
];

/** Every flow. */
export const flows: readonly Flow[] = [
  ...core,
  ...codes,
  ...sessions,
  ...administration,
  ...organizations,
];

/** What others may do while a request is answered: the same, end what it is about, and what the flow says. */
export function rivalsOf(flow: Flow, ask: Ask, scene: Scene): readonly Ask[] {
  const { ids, organizationId } = scene;
  const userId = ids[ask.as === "nobody" ? "bob" : ask.as];
  const end: Ask = ask.path.startsWith("/organization/")
    ? { as: "eve", path: "/organization/delete", body: { organizationId } }
    : { as: "eve", path: "/admin/remove-user", body: { userId } };
  return [ask, end, ...(flow.rivals?.(scene) ?? [])];
}
