/**
 * Tables and fields that no schema declares, through the adapter, the component and the built wasm: a plugin that nobody
 * has heard of, a renamed model, a field that becomes unique when there are rows already.
 */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import type { DBAdapter } from "better-auth/adapters";
import { betterAuth } from "better-auth/minimal";
import { beforeEach, describe, expect, it } from "vitest";
import { createComponentStore, createConvexGateAdapter } from "../../js/adapter/index.js";
import type { ComponentHarness } from "../support/component-harness.js";
import { createComponentHarness } from "../support/component-harness.js";

/** A plugin with a table of its own: unique, referring and indexed fields and an index over two. */
const tickets: BetterAuthPlugin = {
  id: "tickets",
  schema: {
    ticket: {
      fields: {
        code: { type: "string", unique: true },
        holderId: {
          type: "string",
          required: false,
          references: { model: "user", field: "id", onDelete: "cascade" },
        },
        event: { type: "string", index: true },
        row: { type: "number" },
        note: { type: "string", required: false },
      },
      indexes: [{ fields: ["event", "row"], unique: true }],
    },
  },
};

interface Ticket extends Record<string, unknown> {
  id: string;
  code: string;
  row: number;
}

let harness: ComponentHarness;
let read: number;

beforeEach(() => {
  harness = createComponentHarness();
  read = 0;
});

/** An adapter whose calls count the documents that the component reads. */
function adapterFor(options: BetterAuthOptions): DBAdapter {
  const { t, component } = harness;
  // A transaction of convex-test knows what was read in it, in the component too.
  const store = createComponentStore(component, {
    runQuery: (reference, args) =>
      t.run(async ({ runQuery, meta }) => {
        const result: unknown = await runQuery(reference, args);
        read += (await meta.getTransactionMetrics()).documentsRead.used;
        return result;
      }),
    runMutation: (reference, args) =>
      t.run(async ({ runMutation, meta }) => {
        const result: unknown = await runMutation(reference, args);
        read += (await meta.getTransactionMetrics()).documentsRead.used;
        return result;
      }),
  });
  return createConvexGateAdapter({ store })(options);
}

/** What a call gives and how many documents it reads. */
async function cost<T>(call: Promise<T>): Promise<[T, number]> {
  const before = read;
  const result = await call;
  return [result, read - before];
}

/** The rows of one of our own tables. */
async function ours(table: "gateEntries" | "gateCatalogue"): Promise<Record<string, unknown>[]> {
  const { t, component } = harness;
  const args = { model: table, where: [], limit: 20_000 };
  const rows = await t.run((ctx) => ctx.runQuery(component.adapter.findMany, args));
  if (!Array.isArray(rows)) throw new Error("a part of the rows, though no page was asked for");
  return rows;
}

const complete = async (): Promise<unknown> => {
  const rows = await ours("gateCatalogue");
  return Object.fromEntries(rows.map(({ id, indexes }) => [id, indexes]));
};

const person = (email: string, more: object = {}): Record<string, unknown> => ({
  name: "Ada",
  email,
  emailVerified: false,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  ...more,
});

/** Creates rows in transactions of a hundred. */
async function createMany(
  adapter: DBAdapter,
  model: string,
  count: number,
  data: (n: number) => Record<string, unknown>,
): Promise<void> {
  for (let from = 0; from < count; from += 100) {
    await adapter.transaction(async (trx) => {
      for (let n = from; n < Math.min(count, from + 100); n += 1)
        await trx.create({ model, data: data(n), forceAllowId: true });
    });
  }
}

describe("a plugin's table", () => {
  beforeEach(async () => {
    // Whom the rows belong to.
    const holders = Array.from({ length: 100 }, (_, n) => ({
      operation: { create: { model: "user", data: { id: `u${String(n)}` } } },
    }));
    await harness.store().log?.commit(holders);
  });

  const ticket = (n: number): Record<string, unknown> => ({
    id: `t${String(n)}`,
    code: `c${String(n)}`,
    holderId: `u${String(n % 100)}`,
    event: `e${String(n % 50)}`,
    row: Math.floor(n / 50),
    note: null,
  });

  it("is found by unique, referring and indexed fields without reading more than the result", async () => {
    const adapter = adapterFor({ plugins: [tickets] });
    await createMany(adapter, "ticket", 300, ticket);
    const find = (where: object[], more: object = {}): Promise<[Ticket[], number]> =>
      cost(adapter.findMany<Ticket>({ model: "ticket", where: where as never, ...more }));
    const ids = ([rows, documents]: [Ticket[], number]): [string[], number] => [
      rows.map(({ id }) => id),
      documents,
    ];
    // One for the catalogue, and an entry and a row for each that is found.
    expect(ids(await find([{ field: "id", value: "t7" }]))).toEqual([["t7"], 3]);
    expect(ids(await find([{ field: "code", value: "c7" }]))).toEqual([["t7"], 3]);
    expect(ids(await find([{ field: "code", value: "none" }]))).toEqual([[], 1]);
    expect(ids(await find([{ field: "holderId", value: "u7" }]))).toEqual([
      ["t7", "t107", "t207"],
      7,
    ]);
    const event = { field: "event", value: "e7" };
    expect(ids(await find([event, { field: "row", operator: "gte", value: 4 }]))).toEqual([
      ["t207", "t257"],
      5,
    ]);
    const newest = { limit: 1, sortBy: { field: "row", direction: "desc" } };
    expect(ids(await find([event], newest))).toEqual([["t257"], 3]);
    const codes = { field: "code", operator: "in", value: ["c1", "c2", "none"] };
    expect(ids(await find([codes]))).toEqual([["t1", "t2"], 5]);
  });

  it("keeps its unique fields unique", async () => {
    const adapter = adapterFor({ plugins: [tickets] });
    await createMany(adapter, "ticket", 60, ticket);
    const taken = { ...ticket(400), code: "c3" };
    await expect(
      adapter.create({ model: "ticket", data: taken, forceAllowId: true }),
    ).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });
    const seat = { ...ticket(400), event: "e3", row: 0 };
    await expect(
      adapter.create({ model: "ticket", data: seat, forceAllowId: true }),
    ).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });
    const racing = Array.from({ length: 10 }, () =>
      adapter.create({ model: "ticket", data: { code: "same", event: "e", row: 0, note: null } }),
    );
    const outcomes = await Promise.allSettled(racing);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await ours("gateEntries")).toHaveLength(61 * 4);
  });

  it("loses its rows with their user, entries included", async () => {
    const adapter = adapterFor({ plugins: [tickets] });
    const { id: holderId } = await adapter.create<Record<string, unknown>, { id: string }>({
      model: "user",
      data: person("ada@example.com"),
    });
    await createMany(adapter, "ticket", 5, (n) => ({ ...ticket(n), holderId }));
    await createMany(adapter, "ticket", 5, (n) => ({ ...ticket(n + 50), holderId: null }));
    const [, documents] = await cost(
      adapter.delete({ model: "user", where: [{ field: "id", value: holderId }] }),
    );
    expect(await adapter.count({ model: "ticket" })).toBe(5);
    expect(await ours("gateEntries")).toHaveLength(5 * 4);
    // The user, the catalogue, and for each ticket the way to it, itself and its four entries; what is deleted counts
    // once more: the user, and each ticket with its entries.
    expect(documents).toBe(2 + 5 * 6 + 1 + 5 * 5);
  });

  it("has neither row nor entry of a transaction that failed", async () => {
    const adapter = adapterFor({ plugins: [tickets] });
    await createMany(adapter, "ticket", 3, ticket);
    const before = await ours("gateEntries");
    const failing = adapter.transaction(async (trx) => {
      await trx.create({ model: "ticket", data: ticket(9), forceAllowId: true });
      const where = [{ field: "code", value: "c9" }];
      await trx.update({ model: "ticket", where, update: { code: "other" } });
      expect(await trx.findOne({ model: "ticket", where })).toBeNull();
      throw new Error("stop");
    });
    await expect(failing).rejects.toThrow("stop");
    expect(await ours("gateEntries")).toEqual(before);
  });
});

describe("a renamed user model", () => {
  const options: BetterAuthOptions = {
    user: {
      modelName: "people",
      additionalFields: { handle: { type: "string", unique: true, required: false } },
    },
    account: { modelName: "logins" },
    emailAndPassword: { enabled: true },
  };

  it("signs up and in, and is found by its unique field among many", async () => {
    const adapter = adapterFor(options);
    const auth = betterAuth({
      ...options,
      database: () => adapter,
      secret: "a-secret-of-more-than-thirty-two-characters",
      baseURL: "http://localhost:3000",
    });
    const body = { email: "ada@example.com", password: "correct horse", name: "Ada" };
    const { user } = await auth.api.signUpEmail({ body: { ...body, handle: "ada" } as never });
    await createMany(adapter, "user", 200, (n) =>
      person(`${String(n)}@example.com`, { id: `u${String(n)}`, handle: `h${String(n)}` }),
    );
    const signedIn = await auth.api.signInEmail({ body });
    expect(signedIn.user.id).toBe(user.id);

    const by = (field: string, value: string): Promise<[{ id: string } | null, number]> =>
      cost(adapter.findOne<{ id: string }>({ model: "user", where: [{ field, value }] }));
    expect(await by("handle", "ada")).toEqual([expect.objectContaining({ id: user.id }), 3]);
    // Users and sessions keep their tables, whatever the app calls them, and with them their native indexes.
    expect(await by("email", "7@example.com")).toEqual([expect.objectContaining({ id: "u7" }), 1]);
    expect(await by("id", "u9")).toEqual([expect.objectContaining({ id: "u9" }), 1]);
    await expect(
      adapter.create({ model: "user", data: person("new@example.com", { handle: "h3" }) }),
    ).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });
    // Accounts are in the table that the app names.
    expect(Object.keys((await complete()) as object).sort()).toEqual(["logins", "user"]);
  });
});

describe("a field that becomes unique when there are rows", () => {
  const field = (unique: boolean): BetterAuthOptions => ({
    user: { additionalFields: { handle: { type: "string", required: false, unique } } },
  });
  const byHandle = (
    value: string,
  ): { model: string; where: { field: string; value: string }[] } => ({
    model: "user",
    where: [{ field: "handle", value }],
  });

  it("is scanned until every row has its entry, and right all the time", async () => {
    const before = adapterFor(field(false));
    await createMany(before, "user", 350, (n) =>
      person(`${String(n)}@example.com`, { id: `u${String(n)}`, handle: `h${String(n)}` }),
    );
    expect(await ours("gateCatalogue")).toEqual([]);

    const now = adapterFor(field(true));
    await now.create({ model: "user", data: person("new@example.com", { handle: "new" }) });
    expect(await complete()).toEqual({ user: { "handle!": false } });
    const [found, scanned] = await cost(now.findOne<{ id: string }>(byHandle("h300")));
    expect(found?.id).toBe("u300");
    expect(scanned).toBeGreaterThan(300);
    await expect(
      now.create({ model: "user", data: person("x@example.com", { handle: "h300" }) }),
    ).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });

    // The pages run one after the other by themselves; each schedules the next.
    await expect
      .poll(
        async () => {
          await harness.t.finishInProgressScheduledFunctions();
          return complete();
        },
        { timeout: 30_000 },
      )
      .toEqual({ user: { "handle!": true } });
    expect(await ours("gateEntries")).toHaveLength(351);
    expect(await cost(now.findOne(byHandle("h300")))).toEqual([
      expect.objectContaining({ id: "u300" }),
      3,
    ]);
    await expect(
      now.create({ model: "user", data: person("x@example.com", { handle: "h299" }) }),
    ).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });
  });

  it("is right after the app had stopped declaring it for a while", async () => {
    const declared = adapterFor(field(true));
    await declared.create({ model: "user", data: person("a@example.com", { handle: "a" }) });
    const undeclared = adapterFor(field(false));
    await undeclared.create({ model: "user", data: person("b@example.com", { handle: "b" }) });
    // Rows keep their entries whatever the app declares.
    const where = [{ field: "handle", value: "a" }];
    await undeclared.update({ model: "user", where, update: { handle: "c" } });
    expect(await declared.findOne(byHandle("c"))).toMatchObject({ email: "a@example.com" });
    expect(await cost(declared.findOne(byHandle("b")))).toEqual([
      expect.objectContaining({ email: "b@example.com" }),
      3,
    ]);
    await expect(
      declared.create({ model: "user", data: person("d@example.com", { handle: "b" }) }),
    ).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });
  });

  it("is put right on demand where rows came past the adapter", async () => {
    const adapter = adapterFor(field(true));
    await adapter.create({ model: "user", data: person("a@example.com", { handle: "a" }) });
    const entries = await ours("gateEntries");
    expect(entries).toHaveLength(1);
    const args = { model: "gateEntries", where: [] };
    await harness.t.run((ctx) => ctx.runMutation(harness.component.adapter.deleteMany, args));
    expect(await adapter.findOne(byHandle("a"))).toBeNull();
    await harness.t.run((ctx) =>
      ctx.runMutation(harness.component.entries.rebuild, { table: "user" }),
    );
    expect(await adapter.findOne(byHandle("a"))).toMatchObject({ email: "a@example.com" });
  });
});

describe("tables of the schema", () => {
  it("have no entries, and nobody looks for any", async () => {
    const adapter = adapterFor({});
    const { id } = await adapter.create<Record<string, unknown>, { id: string }>({
      model: "user",
      data: person("ada@example.com"),
    });
    const where = [{ field: "id", value: id }];
    expect((await cost(adapter.findOne({ model: "user", where })))[1]).toBe(1);
    const update = { name: "Grace" };
    // Convex counts a row that is changed once more.
    expect((await cost(adapter.updateMany({ model: "user", where, update })))[1]).toBe(2);
    expect(await ours("gateEntries")).toEqual([]);
    expect(await ours("gateCatalogue")).toEqual([]);
  });
});
