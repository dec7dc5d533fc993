/** What all flows begin with, and how one is written. */
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
export const OTHER = `${PASSWORD} more`;
export const emailOf = (name: string): string => `${name}@example.com`;
export const phoneOf = (name: string): string =>
  `+4912345678${String(PEOPLE.indexOf(name as "ada"))}`;
export const bob = { email: emailOf("bob"), password: PASSWORD };

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
export function one(as: Who, path: string, body?: object | ((scene: Scene) => object)): Flow {
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

export function named(name: string, flow: Flow): Flow {
  return { ...flow, name };
}

/** A flow with something before it. */
export function flow(name: string, ask: Flow["ask"], rivals?: Flow["rivals"]): Flow {
  return { name, ask, ...(rivals && { rivals }) };
}
