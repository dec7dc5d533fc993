/** Lists of thousands, in filters and in answers: Convex passes 8,192 items at most, and 4,096 ranges a transaction. */
import type { BetterAuthPlugin } from "better-auth";
import type { DBAdapter } from "better-auth/adapters";
import { organization } from "better-auth/plugins/organization";
import { beforeAll, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import type { ConvexGateStore } from "../../js/adapter/index.js";
import { makeLookupsQuick } from "../host/quick-lookup.js";
import { createComponentApp } from "../support/component-app.js";
import type { ComponentApp } from "../support/component-app.js";

const MEMBERS = 9_000;
const ids = Array.from({ length: MEMBERS }, (_, n) => `u${String(n).padStart(5, "0")}`);
const plugins: BetterAuthPlugin[] = [
  organization({ membershipLimit: 10_000 }),
  { id: "notes", schema: { note: { fields: { text: { type: "string" } } } } },
];

async function createFilledApp(): Promise<ComponentApp> {
  const app = createComponentApp({ plugins });
  const { harness } = app;
  await makeLookupsQuick((run) => harness.t.run(run));
  await app.browser().signUp("owner@example.com");
  await fill(harness.store(), "user", (n) => ({
    id: ids[n],
    name: `User ${String(n)}`,
    email: `${String(n)}@example.com`,
    emailVerified: n % 2 === 0,
    createdAt: MEMBERS - n,
    updatedAt: n,
  }));
  await fill(harness.store(), "member", (n) => ({
    id: `m${String(n)}`,
    organizationId: "o",
    userId: ids[n],
    role: "member",
    createdAt: n,
  }));
  return app;
}

async function fill(
  store: ConvexGateStore,
  model: string,
  row: (n: number) => Record<string, unknown>,
): Promise<void> {
  for (let from = 0; from < MEMBERS; from += 500) {
    const steps = Array.from({ length: 500 }, (_, n) => ({
      operation: { create: { model, data: row(from + n) } },
    }));
    await store.log?.commit(steps);
  }
}

const read = (app: ComponentApp): number =>
  app.harness.costs.reduce((sum, cost) => sum + Number(cost.split(" ")[1]), 0);
const adapterOver = (store: ConvexGateStore): DBAdapter =>
  createConvexGateAdapter({ store })({ plugins });
const among = (
  value: string[],
  field = "id",
): { field: string; operator: "in"; value: string[] } => ({
  field,
  operator: "in",
  value,
});

let app: ComponentApp;
let adapter: DBAdapter;
beforeAll(async () => {
  app = await createFilledApp();
  adapter = adapterOver(app.harness.store());
}, 120_000);

describe("a filter by 9,000 values", () => {
  it("gives each row once, looked up and not searched for", async () => {
    const where = [among([...ids, ...ids])];
    app.harness.costs.length = 0;
    const found = await adapter.findMany<{ id: string }>({ model: "user", where, limit: 9_000 });
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect([app.harness.costs.length, read(app)]).toEqual([9, 9_000]);
  }, 60_000);

  it("is sorted, cut and selected over all of them", async () => {
    const found = await adapter.findMany({
      model: "user",
      where: [among(ids)],
      sortBy: { field: "createdAt", direction: "asc" },
      select: ["name"],
      limit: 3,
      offset: 2,
    });
    expect(found).toEqual([8_997, 8_996, 8_995].map((n) => ({ name: `User ${String(n)}` })));
    const some = { model: "user", where: [among(ids)], limit: 3, offset: 1_500, select: ["id"] };
    expect(await adapter.findMany(some)).toEqual(ids.slice(1_500, 1_503).map((id) => ({ id })));
  }, 60_000);

  it("goes with other conditions", async () => {
    const even = { field: "emailVerified", value: true };
    const where = [among(ids), even];
    expect(await adapter.count({ model: "user", where })).toBe(4_500);
    const either = [
      among(ids),
      { ...even, connector: "OR" as const },
      { field: "name", value: "User 1", connector: "OR" as const },
    ];
    expect(await adapter.count({ model: "user", where: either })).toBe(4_501);
  }, 60_000);

  it("in any case counts a row once", async () => {
    const names = ["user 1", ...ids.slice(0, 2_500), "USER 1"];
    const where = [{ ...among(names, "name"), mode: "insensitive" as const }];
    expect(await adapter.count({ model: "user", where })).toBe(1);
  }, 60_000);

  it("leaves out exactly those with `not_in`", async () => {
    const where = [{ field: "id", operator: "not_in" as const, value: ids }];
    const [owner, ...others] = await adapter.findMany<{ email: string }>({ model: "user", where });
    expect([owner?.email, others]).toEqual(["owner@example.com", []]);
  }, 60_000);

  it("looks rows of a table that the schema does not declare up by their entries", async () => {
    for (const id of ["a", "b"])
      await adapter.create({ model: "note", data: { id, text: id }, forceAllowId: true });
    app.harness.costs.length = 0;
    const where = [among([...ids.slice(0, 2_400), "b"])];
    expect(await adapter.findMany({ model: "note", where })).toMatchObject([{ text: "b" }]);
    // The entry, the row, and in each call which entries there are.
    expect([app.harness.costs.length, read(app)]).toEqual([5, 2 + 5]);
  }, 60_000);

  it("by a field without an index reads the table once, whatever the list's length", async () => {
    app.harness.costs.length = 0;
    const where = [among(["0", ...ids], "image")];
    expect(await adapter.count({ model: "user", where })).toBe(0);
    expect(read(app)).toBeLessThan(MEMBERS + 300);
  }, 60_000);

  it("in a query and in a mutation gives the same, within one transaction", async () => {
    const where = [among(ids)];
    const inQuery = adapterOver(app.harness.readOnlyStore());
    expect(await inQuery.count({ model: "user", where })).toBe(9_000);
    for (const single of [inQuery, adapterOver(app.harness.mutationStore())]) {
      const limit = { model: "user", where, limit: 5 };
      expect(await single.findMany(limit)).toHaveLength(5);
      // More rows than one answer holds come in several of one transaction.
      app.harness.calls.length = 0;
      expect(await single.findMany({ ...limit, limit: 9_000 })).toHaveLength(9_000);
      expect(app.harness.calls.length).toBeGreaterThan(1);
    }
  }, 60_000);

  it("is an error with a code where neither is possible", async () => {
    const where = [among(ids), { field: "name", value: "x" }].map((clause) => ({
      ...clause,
      connector: "OR" as const,
    }));
    await expect(adapter.count({ model: "user", where })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      meta: { limit: "items of a list", most: 8_192 },
    });
  });

  it("in a transaction counts its own writes", async () => {
    const found = await adapter.transaction(async (inner) => {
      await inner.update({
        model: "user",
        where: [{ field: "id", value: "u00000" }],
        update: { name: "Changed" },
      });
      return inner.count({
        model: "user",
        where: [among(ids), { field: "name", value: "Changed" }],
      });
    });
    expect(found).toBe(1);
  }, 60_000);
});

describe("an organization with 9,000 members", () => {
  it("lists them, by the plugin's own endpoints", async () => {
    const browser = app.browser();
    await browser.signIn("owner@example.com");
    const store = app.harness.store();
    const [owner] = (await store.run("findMany", {
      model: "user",
      where: [{ field: "email", value: "owner@example.com" }],
    })) as { id: string }[];
    await store.run("create", {
      model: "organization",
      data: { id: "o", name: "Large", slug: "large", createdAt: 1 },
    });
    await store.run("create", {
      model: "member",
      data: { id: "own", organizationId: "o", userId: owner?.id, role: "owner", createdAt: 0 },
    });
    const listed = await browser.request("/organization/list-members?organizationId=o");
    const { members, total } = (await listed.json()) as {
      members: { user: { email: string } }[];
      total: number;
    };
    expect([total, members.length]).toEqual([9_001, 9_001]);
    expect(new Set(members.map(({ user }) => user.email)).size).toBe(9_001);

    const whole = await browser.request(
      "/organization/get-full-organization?organizationId=o&membersLimit=10000",
    );
    const full = (await whole.json()) as { members: unknown[]; name: string };
    expect([full.name, full.members.length]).toEqual(["Large", 9_001]);
  }, 120_000);
});

describe("a write", () => {
  it("to rows of 2,500 values changes each once", async () => {
    const some = ids.slice(0, 2_500);
    const member = { field: "organizationId", value: "o" };
    // Rows that move to another value of the list are not met again there.
    const last = ids.at(-1) ?? "";
    const where = [member, among([...some, last], "userId")];
    const moved = { model: "member", where, update: { userId: last } };
    expect(await adapter.updateMany(moved)).toBe(2_501);
    const there = [member, { field: "userId", value: last }];
    expect(await adapter.count({ model: "member", where: there })).toBe(2_501);
  }, 60_000);

  it("that references forbid deletes nothing, however long the list is", async () => {
    const references = [
      { model: "note", field: "text", target: "user", to: "id", onDelete: "restrict" },
    ];
    const note = { id: "n", text: ids[2_400] };
    await app.harness.store().run("create", { model: "note", data: note });
    const where = [among(ids.slice(0, 2_500))];
    const refused = app.harness
      .store()
      .run("deleteMany", { model: "user", where, rules: { references } });
    await expect(refused).rejects.toMatchObject({ code: "RESTRICTED" });
    expect(await adapter.count({ model: "user" })).toBe(9_001);
  }, 60_000);

  it("to rows of 9,000 values deletes each once", async () => {
    const where = [among(ids.map((_id, n) => `m${String(n)}`))];
    app.harness.costs.length = 0;
    expect(await adapter.deleteMany({ model: "member", where })).toBe(9_000);
    expect(read(app)).toBe(9_000);
    expect(await adapter.count({ model: "member" })).toBe(1);
  }, 60_000);
});
