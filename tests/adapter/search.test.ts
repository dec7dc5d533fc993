/** Parts of texts found by entries: through the adapter, the component and the built wasm, against a naive filter. */
import type { DBAdapter, Where } from "better-auth/adapters";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { makeLookupsQuick } from "../host/quick-lookup.js";
import type { ComponentHarness } from "../support/component-harness.js";
import { createComponentHarness } from "../support/component-harness.js";

const search = { user: ["email", "name"] };

interface User extends Record<string, unknown> {
  id: string;
  name: string;
  email: string;
}

let harness: ComponentHarness;
let adapter: DBAdapter;

async function reset(): Promise<void> {
  harness = createComponentHarness();
  await makeLookupsQuick((run) => harness.t.run(run));
  adapter = createConvexGateAdapter({ store: harness.store(), search })({});
}

beforeEach(reset);

const user = (id: string, name: string, email = `${id}@example.com`): Record<string, unknown> => ({
  id,
  name,
  email,
  emailVerified: false,
  createdAt: new Date(0),
  updatedAt: new Date(0),
});

const create = (row: Record<string, unknown>): Promise<User> =>
  adapter.create<Record<string, unknown>, User>({ model: "user", data: row, forceAllowId: true });

const contains = (value: string, field = "name"): Where & { mode?: "insensitive" } => ({
  field,
  operator: "contains",
  value,
});

const idsOf = async (where: Where[]): Promise<string[]> => {
  const rows = await adapter.findMany<User>({ model: "user", where, limit: 1_000 });
  return rows.map(({ id }) => id).sort();
};

/** The calls since the last time, and the documents that they read. */
function costs(): { calls: number; documents: number } {
  const documents = harness.costs.reduce((sum, cost) => sum + Number(cost.split(" ")[1]), 0);
  return { calls: harness.costs.splice(0).length, documents };
}

async function entries(): Promise<Record<string, unknown>[]> {
  const args = { model: "gateEntries", where: [], limit: 8_000 };
  const rows = await harness.t.action((ctx) =>
    ctx.runQuery(harness.component.adapter.findMany, args),
  );
  if (!Array.isArray(rows)) throw new Error("a part of the rows");
  return rows as Record<string, unknown>[];
}

/** Lets the pages of a filling run, one after the other. */
async function filled(): Promise<void> {
  await expect
    .poll(
      async () => {
        await harness.t.finishInProgressScheduledFunctions();
        const args = { model: "gateCatalogue", where: [] };
        const rows = await harness.t.action((ctx) =>
          ctx.runQuery(harness.component.adapter.findMany, args),
        );
        return (rows as { indexes: object }[])[0]?.indexes;
      },
      { timeout: 30_000 },
    )
    .toEqual({ "email,id~": true, "name,id~": true });
}

/** Users of whom `found` are called Ada, filled in a hundred at a time. */
async function seed(count: number, found: number): Promise<void> {
  const every = count / found;
  const rules = {
    indexes: [
      ["email", "id~"],
      ["name", "id~"],
    ],
  };
  for (let from = 0; from < count; from += 100) {
    const log = Array.from({ length: 100 }, (_, n) => {
      const number = from + n;
      const name = number % every === 0 ? `Ada ${String(number)}` : `Bo ${String(number)}`;
      const data = user(`u${String(number)}`, name, `${String(number)}@x.io`);
      return {
        operation: {
          create: { model: "user", data: { ...data, createdAt: number, updatedAt: number }, rules },
        },
      };
    });
    await harness.store().log?.commit(log);
  }
  harness.costs.length = 0;
}

describe("a part of a text", () => {
  it.each([200, 2_000])(
    "costs what it finds, among %i rows",
    async (count) => {
      await seed(count, 4);
      expect(await idsOf([contains("Ada")])).toHaveLength(4);
      // The catalogue, and for each row one entry and the row.
      expect(costs()).toEqual({ calls: 1, documents: 9 });
      expect(await adapter.count({ model: "user", where: [contains("Ada")] })).toBe(4);
      expect(costs()).toEqual({ calls: 1, documents: 9 });
      expect(await idsOf([{ ...contains("aDA "), mode: "insensitive" }])).toHaveLength(4);
      expect(costs()).toEqual({ calls: 1, documents: 9 });
      expect(await idsOf([contains("nobody")])).toEqual([]);
      expect(costs()).toEqual({ calls: 1, documents: 1 });
      const newest = await adapter.findMany<User>({
        model: "user",
        where: [contains("Ada"), { field: "emailVerified", value: false }],
        sortBy: { field: "createdAt", direction: "desc" },
        limit: 1,
        offset: 1,
        select: ["name"],
      });
      expect(newest).toEqual([{ name: `Ada ${String(count / 2)}` }]);
      expect(costs()).toEqual({ calls: 1, documents: 9 });
      const either: Where[] = [contains("Ada 0"), contains("199@", "email")].map((clause) => ({
        ...clause,
        connector: "OR",
      }));
      expect(await idsOf(either)).toHaveLength(count === 200 ? 2 : 3);
      expect(costs().documents).toBe(1 + 2 * (count === 200 ? 2 : 3));
    },
    120_000,
  );

  it("that most rows hold is found as without entries", async () => {
    await seed(1_000, 500);
    expect(await adapter.count({ model: "user", where: [contains("@x.", "email")] })).toBe(1_000);
    // As many entries as it takes to see that they are no help, and each row.
    expect(costs().documents).toBe(1 + 800 + 1_000);
    expect(await idsOf([contains("o 1", "name")])).toHaveLength(56);
    expect(costs().documents).toBe(1 + 2 * 56);
  }, 120_000);

  it("of a row that has changed or gone is not found any more", async () => {
    await create(user("a", "Ada Lovelace"));
    await create(user("b", "Ada Yonath"));
    const where = [{ field: "id", value: "a" }];
    await adapter.update({ model: "user", where, update: { name: "Augusta King" } });
    expect(await idsOf([contains("Ada")])).toEqual(["b"]);
    expect(await idsOf([contains("usta")])).toEqual(["a"]);
    await adapter.update({ model: "user", where, update: { id: "c" } });
    expect(await idsOf([contains("usta")])).toEqual(["c"]);
    await adapter.deleteMany({ model: "user", where: [contains("a")] });
    expect(await entries()).toEqual([]);
  });

  it("costs one small document for each letter, and what stays of a text is not written", async () => {
    await create(user("a", "Ada Lovelace", "ada@example.com"));
    expect((await entries()).length).toBe(12 + 15);
    const where = [{ field: "id", value: "a" }];
    const rules = { indexes: [["email", "id~"]] };
    const { documentsWritten } = await harness.t.run(async ({ runMutation, meta }) => {
      const update = { email: "eva@example.com" };
      await runMutation(harness.component.adapter.update, { model: "user", where, update, rules });
      return meta.getTransactionMetrics();
    });
    // The row, and the entries of the first two letters.
    expect(documentsWritten.used).toBe(3);
    expect((await entries()).length).toBe(12 + 15);
  });

  it("in a text of any length is found, at the cost of one look at its row", async () => {
    await create(user("a", `${"x".repeat(5_000)} needle`));
    await create(user("b", "y".repeat(100)));
    expect((await entries()).length).toBe(1 + 13 + 100 + 13);
    harness.costs.length = 0;
    expect(await idsOf([contains("needle")])).toEqual(["a"]);
    expect(await idsOf([contains("nothing")])).toEqual([]);
    expect(costs()).toEqual({ calls: 2, documents: 1 + 2 + 1 + 2 });
  });

  it("is found in rows that were there before the option, once they have their entries", async () => {
    const plain = createConvexGateAdapter({ store: harness.store() })({});
    for (let n = 0; n < 50; n += 1)
      await plain.create({
        model: "user",
        data: user(`u${String(n)}`, `Old ${String(n)}`),
        forceAllowId: true,
      });
    await create(user("new", "New"));
    harness.costs.length = 0;
    expect(await idsOf([contains("Old 4")])).toHaveLength(11);
    expect(costs().documents).toBeGreaterThan(50);
    await filled();
    harness.costs.length = 0;
    expect(await idsOf([contains("Old 4")])).toHaveLength(11);
    expect(costs()).toEqual({ calls: 1, documents: 1 + 22 });
    // An adapter without the option keeps them too.
    await plain.create({ model: "user", data: user("late", "Old 49"), forceAllowId: true });
    expect(await idsOf([contains("ld 49")])).toEqual(["late", "u49"]);
  }, 60_000);

  it("of rows that are large is listed in pages among the same rows", async () => {
    const image = "x".repeat(300_000);
    for (let n = 0; n < 40; n += 1) await create({ ...user(`u${String(n)}`, "Ada"), image });
    for (let n = 0; n < 20; n += 1) await create({ ...user(`v${String(n)}`, "Bo"), image });
    harness.costs.length = 0;
    const found = await adapter.findMany<User>({
      model: "user",
      where: [contains("Ada")],
      sortBy: { field: "image", direction: "asc" },
      select: ["id"],
    });
    expect(new Set(found.map(({ id }) => id)).size).toBe(40);
    const { calls, documents } = costs();
    expect(calls).toBeGreaterThan(1);
    expect(documents).toBeLessThan(1 + 40 + 40 + 16 * calls);
  }, 60_000);

  it("in a transaction and in a query is found as well", async () => {
    await create(user("a", "Ada"));
    const found = await adapter.transaction(async (inner) => {
      await inner.create({ model: "user", data: user("b", "Adam"), forceAllowId: true });
      return inner.count({ model: "user", where: [contains("Ada")] });
    });
    expect(found).toBe(2);
    const reader = createConvexGateAdapter({ store: harness.readOnlyStore(), search })({});
    harness.costs.length = 0;
    expect(await reader.count({ model: "user", where: [contains("dam")] })).toBe(1);
    expect(costs()).toEqual({ calls: 1, documents: 3 });
  });

  it("of more rows than one transaction can change is renamed and deleted in pages", async () => {
    const count = 150;
    const steps = Array.from({ length: count }, (_, n) => ({
      operation: {
        create: {
          model: "user",
          data: {
            id: `u${String(n)}`,
            name: "Ada Lovelace ".repeat(4),
            email: `${String(n)}@x.io`,
          },
          rules: { indexes: [["name", "id~"]] },
        },
      },
    }));
    for (let from = 0; from < count; from += 50)
      await harness.store().log?.commit(steps.slice(from, from + 50));
    const inMutation = createConvexGateAdapter({ store: harness.mutationStore(), search })({});
    const where: Where[] = [{ field: "id", operator: "ne", value: "nobody" }];
    const renaming = { model: "user", where, update: { name: "Augusta King" } };
    await expect(inMutation.updateMany(renaming)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    expect(await idsOf([contains("usta")])).toEqual([]);
    expect(await adapter.updateMany(renaming)).toBe(count);
    expect(await idsOf([contains("usta")])).toHaveLength(count);
    await adapter.updateMany({ ...renaming, update: { name: "Ada Lovelace ".repeat(4) } });
    await expect(inMutation.deleteMany({ model: "user", where })).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
    expect(await adapter.deleteMany({ model: "user", where })).toBe(count);
    expect(await adapter.count({ model: "user" })).toBe(0);
    expect(await entries()).toEqual([]);
  }, 120_000);

  it("is refused as an option for what is no text of the schema", () => {
    const make = (fields: Record<string, string[]>) => (): DBAdapter =>
      createConvexGateAdapter({ store: harness.store(), search: fields })({});
    for (const [model, field] of [
      ["user", "nickname"],
      ["users", "name"],
      ["user", "createdAt"],
    ] as const) {
      expect(make({ [model]: [field] })).toThrow(
        expect.objectContaining({ code: "INVALID_OPTION", meta: { model, field } }) as Error,
      );
    }
  });
});

// Letters whose lower case is longer, or depends on what follows, or that are two units of UTF-16.
const letter = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", "A", "σ", "Σ") },
  { weight: 1, arbitrary: fc.constantFrom("b", ".", "@", "É", "é", "İ", "ß", "ς", "😀", " ") },
);
const text = fc.oneof(
  { weight: 9, arbitrary: fc.array(letter, { maxLength: 6 }).map((letters) => letters.join("")) },
  {
    weight: 1,
    arbitrary: fc
      .array(letter, { minLength: 98, maxLength: 103 })
      .map((letters) => letters.join("")),
  },
);
const part = fc.array(letter, { minLength: 1, maxLength: 2 }).map((letters) => letters.join(""));
const number = fc.nat({ max: 7 });
const write = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), at: number, name: text, email: text }),
  fc.record({ kind: fc.constant("update" as const), at: number, name: text, email: text }),
  fc.record({ kind: fc.constant("delete" as const), at: number, name: text, email: text }),
);
const clause = fc.record({
  field: fc.constantFrom("email", "name"),
  operator: fc.constantFrom(
    "contains" as const,
    "contains" as const,
    "ends_with" as const,
    "starts_with" as const,
    "eq" as const,
  ),
  value: fc.oneof({ weight: 3, arbitrary: part }, { weight: 1, arbitrary: text }),
  connector: fc.constantFrom("AND" as const, "OR" as const),
  mode: fc.constantFrom("sensitive" as const, "insensitive" as const),
});
const filters = fc.array(
  fc.oneof(
    clause.map((each) => [each]),
    fc.array(clause, { minLength: 2, maxLength: 3 }),
  ),
  { minLength: 8, maxLength: 8 },
);
type Clause = typeof clause extends fc.Arbitrary<infer T> ? T : never;

function accepts({ field, operator, value, mode }: Clause, row: Record<string, unknown>): boolean {
  const fold = (given: string): string => (mode === "insensitive" ? given.toLowerCase() : given);
  const [held, part] = [fold(row[field] as string), fold(value)];
  switch (operator) {
    case "contains":
      return held.includes(part);
    case "ends_with":
      return held.endsWith(part);
    case "starts_with":
      return held.startsWith(part);
    case "eq":
      return held === part;
  }
}

function matches(where: Clause[], row: Record<string, unknown>): boolean {
  if (where.length === 1) return where.every((each) => accepts(each, row));
  const [all, any] = [
    where.filter(({ connector }) => connector === "AND"),
    where.filter(({ connector }) => connector === "OR"),
  ];
  return (
    all.every((each) => accepts(each, row)) &&
    (any.length === 0 || any.some((each) => accepts(each, row)))
  );
}

it("after any writes every filter finds what a naive one does", { timeout: 240_000 }, async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(write, { minLength: 1, maxLength: 12 }),
      filters,
      async (writes, filters) => {
        await reset();
        const rows = new Map<string, Record<string, unknown>>();
        for (const { kind, at, name, email } of writes) {
          const id = `u${String(at)}`;
          const where = [{ field: "id", value: id }];
          const row = { name, email: `${email}${id}` };
          if (kind === "delete") await adapter.delete({ model: "user", where });
          else if (rows.has(id)) await adapter.update({ model: "user", where, update: row });
          else if (kind === "create") await create(user(id, name, row.email));
          if (kind === "delete") rows.delete(id);
          else if (kind === "create" || rows.has(id)) rows.set(id, row);
        }
        for (const where of filters) {
          const expected = [...rows].filter(([, row]) => matches(where, row)).map(([id]) => id);
          expect(await idsOf(where), JSON.stringify(where)).toEqual(expected.sort());
          found += expected.length;
        }
        const lengths = [...rows.values()].flatMap(({ name, email }) =>
          [name, email].map((value) => [...(value as string).toLowerCase()].length),
        );
        const expected = lengths.reduce((sum, length) => sum + (length > 100 ? 1 : length), 0);
        expect(await entries()).toHaveLength(expected);
      },
    ),
    { numRuns: 150 },
  );
  expect(found).toBeGreaterThan(100);
});
