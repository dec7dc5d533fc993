/** Arguments of the ten methods that the official suites leave out: limits, lists of hundreds, names, ids, unknown keys. */
import type { BetterAuthOptions } from "better-auth";
import type { DBAdapter } from "better-auth/adapters";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";

type Row = Record<string, unknown>;

const at = new Date(1_700_000_000_000);
const options: BetterAuthOptions = {
  user: {
    additionalFields: {
      settings: { type: "json", required: false },
      tags: { type: "string[]", required: false },
      score: { type: "number", required: false },
      big: { type: "number", bigint: true, required: false },
    },
  },
};
let harness: ComponentHarness;
let adapter: DBAdapter;

const make = (extra: BetterAuthOptions = {}): DBAdapter =>
  createConvexGateAdapter({ store: harness.store() })({ ...options, ...extra });
const user = (id: string, extra: Row = {}): Row => ({
  id,
  name: id,
  email: `${id}@example.com`,
  emailVerified: false,
  createdAt: at,
  updatedAt: at,
  ...extra,
});
const create = (data: Row, by = adapter): Promise<Row> =>
  by.create<Row, Row>({ model: "user", data, forceAllowId: true });
const createMany = async (count: number): Promise<string[]> => {
  const ids = Array.from({ length: count }, (_, index) => `u${String(index).padStart(3, "0")}`);
  for (const id of ids) await create(user(id));
  return ids;
};
const list = (args: Partial<Parameters<DBAdapter["findMany"]>[0]>, by = adapter): Promise<Row[]> =>
  by.findMany<Row>({ model: "user", ...args });

beforeEach(() => {
  harness = createComponentHarness();
  adapter = make();
});

describe("limits", () => {
  it("are 100 by default, the app's default where it has one, and 0 gives nothing", async () => {
    await createMany(103);
    expect(await list({})).toHaveLength(100);
    expect(await list({ limit: 102 })).toHaveLength(102);
    expect(await list({ limit: 0 })).toEqual([]);
    const three = make({ advanced: { database: { defaultFindManyLimit: 3 } } });
    expect(await list({}, three)).toHaveLength(3);
    expect(await adapter.count({ model: "user" })).toBe(103);
  });

  it("read no more documents than they give", async () => {
    await createMany(20);
    harness.costs.length = 0;
    await list({ limit: 5 });
    await list({ limit: 5, sortBy: { field: "email", direction: "desc" } });
    expect(harness.costs).toEqual(["gate:findMany 5", "gate:findMany 5"]);
  });
});

describe("lists of hundreds of values", () => {
  const many = Array.from({ length: 600 }, (_, index) => `u${String(index).padStart(3, "0")}`);

  it("`in` finds each row once, however often it is named, and reads nothing else", async () => {
    await createMany(30);
    harness.costs.length = 0;
    for (const [field, value] of [
      ["id", [...many, ...many]],
      ["email", many.flatMap((id) => [`${id}@example.com`, `${id}@example.com`])],
    ] as const) {
      const found = await list({
        where: [{ field, operator: "in", value: [...value] }],
        limit: 500,
      });
      expect(found.map(({ id }) => id).sort()).toEqual(many.slice(0, 30));
    }
    expect(harness.costs).toEqual(["gate:findMany 30", "gate:findMany 30"]);
  });

  it("`not_in` leaves out exactly those", async () => {
    await createMany(30);
    await create(user("other"));
    const where = [{ field: "id", operator: "not_in" as const, value: many }];
    expect((await list({ where })).map(({ id }) => id)).toEqual(["other"]);
    expect(await adapter.deleteMany({ model: "user", where })).toBe(1);
    expect(await adapter.count({ model: "user" })).toBe(30);
  });

  it("of none: `in` finds nothing and `not_in` everything", async () => {
    await createMany(2);
    expect(await list({ where: [{ field: "id", operator: "in", value: [] }] })).toEqual([]);
    expect(await list({ where: [{ field: "id", operator: "not_in", value: [] }] })).toHaveLength(2);
  });

  it("that are no lists are a clear error", async () => {
    const where = [{ field: "id", operator: "in" as const, value: "u000" }];
    await expect(list({ where })).rejects.toThrow(/array/i);
  });
});

describe("what matches nothing", () => {
  const where = [{ field: "id", value: "nobody" }];

  it("is null or 0, and no error", async () => {
    await createMany(1);
    const args = { model: "user", where };
    expect(await adapter.findOne(args)).toBeNull();
    expect(await adapter.update({ ...args, update: { name: "x" } })).toBeNull();
    expect(await adapter.updateMany({ ...args, update: { name: "x" } })).toBe(0);
    expect(await adapter.deleteMany(args)).toBe(0);
    await expect(adapter.delete(args)).resolves.not.toThrow();
    expect(await adapter.consumeOne(args)).toBeNull();
    expect(await adapter.incrementOne({ ...args, increment: { score: 1 } })).toBeNull();
    expect(await adapter.count(args)).toBe(0);
    expect(await adapter.count({ model: "user" })).toBe(1);
  });
});

describe("an empty filter", () => {
  it("means every row for lists, counts, deletions and the methods for many, and no row for `update`", async () => {
    await createMany(3);
    const args = { model: "user", where: [] };
    expect(await list({ where: [] })).toHaveLength(3);
    expect(await adapter.count(args)).toBe(3);
    expect(await adapter.update({ ...args, update: { name: "x" } })).toBeNull();
    expect(await adapter.updateMany({ ...args, update: { name: "y" } })).toBe(3);
    expect((await list({})).map(({ name }) => name)).toEqual(["y", "y", "y"]);
    expect(await adapter.deleteMany(args)).toBe(3);
    await createMany(2);
    // As Better Auth's SQL adapters; its memory adapter deletes nothing.
    await adapter.delete(args);
    expect(await adapter.count(args)).toBe(0);
  });
});

describe("values", () => {
  it("JSON keeps what Convex's own objects could not hold", async () => {
    const settings = { $ref: [1, { _a: null }], größe: "☕", nested: { deep: [true] } };
    await create(user("ada", { settings }));
    await create(user("bob", { settings: null }));
    const found = await list({ sortBy: { field: "email", direction: "asc" } });
    expect(found.map((row) => row["settings"])).toEqual([settings, null]);
  });

  it("lists come back as lists, empty ones too, and big numbers as they were", async () => {
    await create(user("ada", { tags: [], big: 2 ** 53 - 1, score: -0 }));
    const [found] = await list({});
    expect(found).toMatchObject({ tags: [], big: 2 ** 53 - 1, score: 0 });
  });

  it("texts of a query string are compared as booleans and numbers", async () => {
    await create(user("ada", { score: 5, emailVerified: true }));
    await create(user("bob", { score: 50 }));
    const ids = async (field: string, value: string) =>
      (await list({ where: [{ field, value }] })).map(({ id }) => id);
    expect(await ids("emailVerified", "true")).toEqual(["ada"]);
    expect(await ids("score", "50")).toEqual(["bob"]);
  });
});

describe("names", () => {
  it("in the plural and of the app's own are followed", async () => {
    const named = make({
      user: { modelName: "users", fields: { email: "e_mail" }, ...options.user },
      session: { modelName: "sessions", fields: { userId: "owner" } },
    });
    await create(user("bob"), named);
    await create(user("ada"), named);
    const session = { token: "t", userId: "ada", expiresAt: at, createdAt: at, updatedAt: at };
    await named.create({ model: "session", data: session });
    const sorted = await list(
      { sortBy: { field: "email", direction: "asc" }, select: ["email"] },
      named,
    );
    expect(sorted.map(({ email }) => email)).toEqual(["ada@example.com", "bob@example.com"]);
    await expect(create(user("eve", { email: "ada@example.com" }), named)).rejects.toMatchObject({
      code: "UNIQUE_CONSTRAINT",
    });
    // The reference is followed under its own names: a user's sessions go with the user.
    await named.delete({ model: "user", where: [{ field: "email", value: "ada@example.com" }] });
    expect(await named.count({ model: "session" })).toBe(0);
    expect(await harness.store().run("findMany", { model: "user" })).toMatchObject([
      { e_mail: "bob@example.com" },
    ]);
  });
});

describe("ids", () => {
  const without = (): Row => {
    const { id: _id, ...data } = user("ada");
    return data;
  };

  it.each([
    ["a function", () => "made-by-the-app", /^made-by-the-app$/],
    ["uuid", "uuid" as const, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/],
    ["false", false as const, /^[A-Za-z0-9]{32}$/],
    ["nothing", undefined, /^[A-Za-z0-9]{32}$/],
  ])("are made by %s", async (_name, generateId, expected) => {
    const by = make({
      advanced: { database: { ...(generateId !== undefined && { generateId }) } },
    });
    const { id } = await by.create<Row, Row>({ model: "user", data: without() });
    expect(id).toMatch(expected);
    expect(await list({ where: [{ field: "id", value: id as string }] }, by)).toHaveLength(1);
  });

  it("that are taken are refused, whoever made them", async () => {
    const by = make({ advanced: { database: { generateId: () => "same" } } });
    await by.create({ model: "user", data: without() });
    const again = by.create({ model: "user", data: { ...without(), email: "b@example.com" } });
    await expect(again).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });
  });
});

describe("keys that nobody knows", () => {
  it("in a clause, in an order or beside them are ignored", async () => {
    await createMany(2);
    const found = await list({
      where: [{ field: "id", value: "u001", since: "2.0" } as never],
      sortBy: { field: "email", direction: "asc", nulls: "last" } as never,
      hint: "by_email",
    } as never);
    expect(found.map(({ id }) => id)).toEqual(["u001"]);
  });

  it("in data are dropped, as by every adapter", async () => {
    expect(await create(user("ada", { unheardOf: 1 }))).not.toHaveProperty("unheardOf");
    expect(JSON.stringify(await harness.store().run("findMany", { model: "user" }))).not.toContain(
      "unheardOf",
    );
  });

  it("in a filter or as a model are an error that names them", async () => {
    await expect(list({ where: [{ field: "unheardOf", value: 1 }] })).rejects.toThrow("unheardOf");
    await expect(adapter.count({ model: "unheardOf" })).rejects.toThrow("unheardOf");
  });
});
