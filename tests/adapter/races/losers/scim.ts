/** The unique fields of SCIM, asked for by one directory service twice at once, or by two. */
import { scim } from "@better-auth/scim";
import type { BetterAuthPlugin } from "better-auth";
import type { Browser } from "../../../plugins/support/app.js";
import type { RaceApp } from "../overtaking.js";
import type { Answer, Case } from "./case.js";
import { callServer, json, signUp } from "./case.js";

const tokens = {
  acme: "a-directory-service-knows-this-0123456789",
  other: "another-directory-service-knows-this-012",
};
const schemas = (kind: string): string[] => [`urn:ietf:params:scim:schemas:core:2.0:${kind}`];
const patch = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];

/** Two directories. A user name of `linked.example.com` is the user 0 of the app, and each group gives a role. */
const plugins = (): BetterAuthPlugin[] => [
  scim({
    connections: Object.entries(tokens).map(([id, token]) => ({
      id,
      credentials: [{ type: "bearer", id: "first", token }],
    })),
    identity: {
      async resolveUser({ resource }, { database }) {
        if (!resource.userName.endsWith("@linked.example.com")) return { action: "create" };
        const where = [{ field: "email", value: "0@example.com" }];
        const user = await database.findOne<{ id: string }>({ model: "user", where });
        return { action: "link", userId: user?.id ?? "", profile: "preserve" };
      },
    },
    projection: {
      roles: { map: () => ["reader"], exists: () => true },
      reconcileUser: () => undefined,
    },
    managedConnections: { credentialHashSecret: "a-secret-of-the-tests-with-enough-length" },
  }) as BetterAuthPlugin,
];

function send(
  browser: Browser,
  method: string,
  path: string,
  body?: object,
  token = tokens.acme,
): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  return browser.request(`/scim/v2/${path}`, { method, headers, ...(body && { body }) });
}

const user = (userName: string, more: object = {}): object => ({
  schemas: schemas("User"),
  userName,
  emails: [{ value: userName, primary: true }],
  ...more,
});
const group = (displayName: string, more: object = {}): object => ({
  schemas: schemas("Group"),
  displayName,
  ...more,
});

const idOf = async (app: RaceApp, table: string): Promise<string> =>
  String((await app.rows(table))[0]?.["id"]);

const taken: Answer = [409, "uniqueness"];

/** A creation, refused to the second; a connection is bound to its domain by its first request, which comes before. */
const creation = (
  field: string,
  path: "Users" | "Groups",
  resource: (number: number) => object,
): Case => ({
  field,
  by: `POST SCIM ${path}`,
  plugins,
  answer: taken,
  alone: taken,
  async prepare(_app, browser, number) {
    if (number === 0) {
      await signUp(browser, 0);
      await send(browser, "GET", "Users");
    }
    return () => send(browser, "POST", path, resource(number));
  },
});

const policy = { actorId: "ada", provisioningDomainId: "acme", scopes: ["scim.users.read"] };
const tomorrow = (): Date => new Date(Date.now() + 86_400_000);

function createManaged(app: RaceApp, browser: Browser): Promise<Response> {
  const body = { ...policy, creationRequestId: "a-request-of-the-app-1", expiresAt: tomorrow() };
  return callServer(app, browser, "createSCIMManagedConnection", { body });
}

/** A new credential of one connection, which takes the next free slot and the next number of an event. */
const rotation = (field: string): Case => ({
  field,
  by: "api.rotateSCIMManagedCredential",
  plugins,
  answer: [200],
  alone: [200],
  async prepare(app, browser, number) {
    if (number === 0) await json(createManaged(app, browser));
    const [connection] = await app.rows("scimManagedConnection");
    const body = { ...policy, connectionId: connection?.["connectionId"], expiresAt: tomorrow() };
    return () => callServer(app, browser, "rotateSCIMManagedCredential", { body });
  },
});

/** A change of one of two resources to the same name. */
const renaming = (field: string, path: "Users" | "Groups", attribute: string): Case => ({
  field,
  by: `PATCH SCIM ${path}`,
  plugins,
  answer: taken,
  alone: taken,
  async prepare(_app, browser, number) {
    const name = `${String(number)}@example.com`;
    const resource = path === "Users" ? user(name) : group(name);
    const { id } = await json<{ id: string }>(send(browser, "POST", path, resource));
    const Operations = [{ op: "replace", path: attribute, value: "wanted@example.com" }];
    return () => send(browser, "PATCH", `${path}/${id}`, { schemas: patch, Operations });
  },
});

export const scimCases: Case[] = [
  creation("scimUser.userNameKey", "Users", () => user("ada@example.com")),
  creation("scimUser.externalIdKey", "Users", (number) =>
    user(`new-${String(number)}@example.com`, { externalId: "ada" }),
  ),
  creation("scimUser.connectionUserKey", "Users", (number) =>
    user(`${String(number)}@linked.example.com`),
  ),
  creation("scimGroup.displayNameKey", "Groups", () => group("Analysts")),
  creation("scimGroup.externalIdKey", "Groups", (number) =>
    group(`Analysts ${String(number)}`, { externalId: "analysts" }),
  ),
  renaming("scimUser.userNameKey", "Users", "userName"),
  renaming("scimUser.externalIdKey", "Users", "externalId"),
  renaming("scimGroup.displayNameKey", "Groups", "displayName"),
  renaming("scimGroup.externalIdKey", "Groups", "externalId"),
  {
    field: "scimConnectionBinding.connectionKey",
    by: "POST SCIM Users, the first of a connection",
    plugins,
    answer: [201],
    alone: [201],
    prepare: async (_app, browser, number) => () =>
      send(browser, "POST", "Users", user(`new-${String(number)}@example.com`)),
  },
  {
    field: "scimSubject.userId",
    by: "POST SCIM Users, one user in two directories",
    plugins,
    answer: [201],
    alone: [201],
    async prepare(_app, browser, number) {
      const token = Object.values(tokens)[number];
      if (number === 0) await signUp(browser, 0);
      await send(browser, "GET", "Users", undefined, token);
      return () => send(browser, "POST", "Users", user("0@linked.example.com"), token);
    },
  },
  {
    field: "scimGroupMember.membershipKey",
    by: "PATCH SCIM Groups",
    plugins,
    answer: [200],
    alone: [200],
    async prepare(app, browser, number) {
      if (number === 0) {
        await json(send(browser, "POST", "Users", user("ada@example.com")));
        await json(send(browser, "POST", "Groups", group("Analysts")));
      }
      const value = [{ value: await idOf(app, "scimUser") }];
      const path = `Groups/${await idOf(app, "scimGroup")}`;
      const Operations = [{ op: "add", path: "members", value }];
      return () => send(browser, "PATCH", path, { schemas: patch, Operations });
    },
  },
  {
    field: "scimProjectionGrant.grantKey",
    by: "PATCH SCIM Users",
    plugins,
    answer: [200],
    alone: [200],
    async prepare(app, browser, number) {
      if (number === 0) {
        const resource = user("ada@example.com", { active: false });
        await json(send(browser, "POST", "Users", resource));
        const members = [{ value: await idOf(app, "scimUser") }];
        await json(send(browser, "POST", "Groups", group("Analysts", { members })));
      }
      const path = `Users/${await idOf(app, "scimUser")}`;
      const Operations = [{ op: "replace", path: "active", value: true }];
      return () => send(browser, "PATCH", path, { schemas: patch, Operations });
    },
  },
  {
    field: "scimIdentityTombstone.externalIdKey",
    by: "DELETE SCIM Users",
    plugins,
    answer: [404],
    alone: [404],
    async prepare(app, browser, number) {
      const resource = user("ada@example.com", { externalId: "ada" });
      if (number === 0) await json(send(browser, "POST", "Users", resource));
      const path = `Users/${await idOf(app, "scimUser")}`;
      return () => send(browser, "DELETE", path);
    },
  },
  {
    field: "scimManagedConnection.creationRequestId",
    by: "api.createSCIMManagedConnection",
    plugins,
    answer: [409, "SCIM_MANAGED_CREATION_REQUEST_ID_CONFLICT"],
    alone: [409, "SCIM_MANAGED_CREATION_REQUEST_ID_CONFLICT"],
    prepare: async (app, browser) => () => createManaged(app, browser),
  },
  rotation("scimManagedCredential.activeSlotKey"),
  rotation("scimManagedConnectionEvent.eventKey"),
];
