/** Every join that Better Auth and its organization plugin ask for: one component call each, whatever it joins. */
import type { BetterAuthOptions } from "better-auth";
import type { DBAdapter } from "better-auth/adapters";
import { organization } from "better-auth/plugins/organization";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";

type Row = Record<string, unknown>;

const at = new Date(1_700_000_000_000);
const options: BetterAuthOptions = { plugins: [organization({ teams: { enabled: true } })] };
let harness: ComponentHarness;
let adapter: DBAdapter;

beforeAll(async () => {
  harness = createComponentHarness();
  adapter = createConvexGateAdapter({ store: harness.store() })(options);
  const create = (model: string, data: Row): Promise<unknown> =>
    adapter.create({ model, data: { createdAt: at, updatedAt: at, ...data }, forceAllowId: true });
  for (const id of ["ada", "bob"]) {
    await create("user", { id, name: id, email: `${id}@example.com`, emailVerified: true });
    await create("session", { id: `s-${id}`, token: `t-${id}`, userId: id, expiresAt: at });
    await create("organization", { id: `org-${id}`, name: id, slug: id });
    await create("team", {
      id: `team-${id}`,
      name: id,
      organizationId: `org-${id}`,
      memberCount: 1,
    });
  }
  for (const provider of ["credential", "github", "google"]) {
    await create("account", {
      id: `a-${provider}`,
      providerId: provider,
      accountId: "1",
      userId: "ada",
    });
  }
  for (const userId of ["ada", "bob"]) {
    const ids = { organizationId: "org-ada", userId };
    await create("member", { id: `m-${userId}`, role: "member", ...ids });
    const membershipKey = `k-${userId}`;
    await create("teamMember", { id: `tm-${userId}`, teamId: "team-ada", userId, membershipKey });
  }
  await create("invitation", {
    id: "i-eve",
    email: "eve@example.com",
    organizationId: "org-ada",
    inviterId: "ada",
    status: "pending",
    expiresAt: at,
  });
});

beforeEach(() => {
  harness.costs.length = 0;
});

const one = (model: string, field: string, value: string, join: Row, select?: string[]) =>
  adapter.findOne<Row>({
    model,
    where: [{ field, value }],
    join: join as never,
    ...(select && { select }),
  });
const ids = (rows: unknown): unknown[] => (rows as Row[]).map(({ id }) => id).sort();

describe("in one component call", () => {
  it.each([
    ["session", "token", "t-ada", { user: true }, { user: "ada" }, 2],
    ["account", "id", "a-github", { user: true }, { user: "ada" }, 2],
    [
      "user",
      "email",
      "ada@example.com",
      { account: true },
      { account: ["a-credential", "a-github", "a-google"] },
      4,
    ],
    ["user", "email", "bob@example.com", { account: true }, { account: [] }, 1],
    [
      "member",
      "id",
      "m-bob",
      { user: true, organization: true },
      { user: "bob", organization: "org-ada" },
      3,
    ],
    [
      "organization",
      "slug",
      "ada",
      { invitation: true, member: true, team: true },
      { invitation: ["i-eve"], member: ["m-ada", "m-bob"], team: ["team-ada"] },
      5,
    ],
    ["team", "id", "team-ada", { teamMember: true }, { teamMember: ["tm-ada", "tm-bob"] }, 3],
    ["teamMember", "membershipKey", "k-ada", { team: true }, { team: "team-ada" }, 2],
    ["invitation", "id", "i-eve", { organization: true }, { organization: "org-ada" }, 2],
  ])("%s by %s %s with %o", async (model, field, value, join, expected: Row, reads) => {
    const row = await one(model, field, value, join);
    for (const [key, wanted] of Object.entries(expected)) {
      const found = row?.[key];
      expect(Array.isArray(wanted) ? ids(found) : (found as Row)["id"]).toEqual(wanted);
    }
    expect(harness.costs).toEqual([`gate:findOne ${String(reads)}`]);
  });

  it("for a list, where rows share what is joined", async () => {
    const members = await adapter.findMany<Row>({
      model: "member",
      where: [{ field: "organizationId", value: "org-ada" }],
      join: { user: true, organization: true },
    });
    expect(members.map((member) => (member["user"] as Row)["id"]).sort()).toEqual(["ada", "bob"]);
    expect(members.map((member) => (member["organization"] as Row)["id"])).toEqual([
      "org-ada",
      "org-ada",
    ]);
    expect(harness.costs).toHaveLength(1);
  });

  it("with dates as dates and absent fields as null, in what is joined too", async () => {
    const session = await one("session", "token", "t-ada", { user: true });
    expect(session?.["user"]).toMatchObject({ createdAt: at, image: null });
    const organizationRow = await one("organization", "slug", "ada", { invitation: true });
    expect(organizationRow?.["invitation"]).toMatchObject([{ expiresAt: at, teamId: null }]);
  });

  it("with no more than the limit, of the joined rows and of their reads", async () => {
    const user = await one("user", "id", "ada", { account: { limit: 2 } });
    expect(user?.["account"]).toHaveLength(2);
    expect(harness.costs).toEqual(["gate:findOne 3"]);
  });

  it("null for the one that is not there", async () => {
    // As older data may hold it: the adapter would refuse it.
    const data = { id: "orphan", token: "orphan", userId: "gone" };
    await harness.store().run("create", { model: "session", data });
    harness.costs.length = 0;
    expect((await one("session", "token", "orphan", { user: true }))?.["user"]).toBeNull();
    expect(harness.costs).toEqual(["gate:findOne 1"]);
  });
});

describe("with `select`", () => {
  it("gives the selected fields of the row and the whole of what is joined", async () => {
    const select = ["id", "email"];
    const user = await one("user", "id", "ada", { account: true }, select);
    expect(user).toMatchObject({ id: "ada", email: "ada@example.com" });
    expect(user?.["name"]).toBeUndefined();
    expect(ids(user?.["account"])).toEqual(["a-credential", "a-github", "a-google"]);
    expect(harness.costs).toEqual(["gate:findOne 4"]);
  });

  it("joins by a field that was not selected", async () => {
    const session = await one("session", "token", "t-bob", { user: true }, ["expiresAt"]);
    expect((session?.["user"] as Row)["name"]).toBe("bob");
    expect(session?.["expiresAt"]).toEqual(at);
    expect(harness.costs).toEqual(["gate:findOne 2"]);
  });
});

describe("where models and fields have other names", () => {
  const renamed: BetterAuthOptions = {
    user: { modelName: "people", fields: { email: "mail_address", name: "full_name" } },
    session: { modelName: "visits", fields: { userId: "person_id" } },
    account: { modelName: "logins", fields: { userId: "person_id" } },
  };

  it("the result has Better Auth's names", async () => {
    const other = createComponentHarness();
    const named = createConvexGateAdapter({ store: other.store() })(renamed);
    const create = (model: string, data: Row): Promise<unknown> =>
      named.create({ model, data: { createdAt: at, updatedAt: at, ...data }, forceAllowId: true });
    await create("user", { id: "ada", name: "Ada", email: "ada@example.com", emailVerified: true });
    await create("session", { token: "t", userId: "ada", expiresAt: at });
    await create("account", { id: "a", providerId: "credential", accountId: "1", userId: "ada" });
    other.costs.length = 0;
    const session = await named.findOne<Row>({
      model: "session",
      where: [{ field: "token", value: "t" }],
      join: { user: true },
    });
    expect(session).toMatchObject({
      userId: "ada",
      user: { name: "Ada", email: "ada@example.com" },
    });
    const user = await named.findOne<Row>({
      model: "user",
      where: [{ field: "email", value: "ada@example.com" }],
      join: { account: true },
    });
    expect(user?.["account"]).toMatchObject([{ id: "a", userId: "ada" }]);
    expect(other.costs).toHaveLength(2);
    expect(await other.store().run("findMany", { model: "user" })).toMatchObject([
      { mail_address: "ada@example.com", full_name: "Ada" },
    ]);
  });
});
