/** A row that was just found is not read again for its deletion, and nothing that could have changed is kept. */
import { beforeEach, describe, expect, it } from "vitest";
import { remembering } from "../../../js/adapter/request-memory/remembering-store.js";
import type { RememberingStore } from "../../../js/adapter/request-memory/remembering-store.js";
import type { ConvexGateClause, ConvexGateStore } from "../../../js/adapter/index.js";
import { createComponentHarness } from "../../support/component-harness.js";
import type { ComponentHarness } from "../../support/component-harness.js";

let harness: ComponentHarness;
let store: RememberingStore & ConvexGateStore;

const by = (field: string, value: string): ConvexGateClause[] => [
  { field, value, operator: "eq", connector: "AND", mode: "sensitive" },
];
const where = by("token", "t1");
const find = { model: "session", where };
const list = { model: "session", where, limit: 1 };

beforeEach(async () => {
  harness = createComponentHarness();
  store = remembering(harness.store());
  store.begin();
  await store.run("create", { model: "user", data: { id: "u1", name: "Ada" } });
  const session = { id: "s1", token: "t1", userId: "u1", roles: ["a", "b"] };
  await store.run("create", { model: "session", data: session });
});

/** The calls that listing the row costs after `before`, and what it gives. */
async function listing(before: () => Promise<unknown>) {
  await before();
  harness.calls.length = 0;
  const rows = await store.run("findMany", list);
  return { calls: harness.calls.length, rows };
}

const stored = { id: "s1", _id: "s1", token: "t1", userId: "u1", roles: ["a", "b"] };

describe("the row found last", () => {
  it("is listed without a call, as it is stored: without what was joined to it", async () => {
    const join = [
      {
        as: "user",
        table: "user",
        from: "userId",
        to: "id",
        limit: 1,
        relation: "one-to-one" as const,
      },
    ];
    const { calls, rows } = await listing(() => store.run("findOne", { ...find, join }));
    expect({ calls, rows }).toEqual({ calls: 0, rows: [stored] });
    expect(rows).toEqual(await harness.store().run("findMany", list));
  });

  it("is the caller's own copy", async () => {
    const { rows } = await listing(async () => {
      const row = await store.run("findOne", find);
      (row?.["roles"] as string[]).push("admin");
    });
    expect(rows).toEqual([stored]);
  });

  it("is listed once: the next time it is read", async () => {
    await listing(() => store.run("findOne", find));
    expect(await listing(() => Promise.resolve())).toMatchObject({ calls: 1 });
  });
});

describe("the store reads again", () => {
  const update = { name: "Eve" };
  const between: [string, () => Promise<unknown>, unknown[]][] = [
    ["after a write", () => store.run("update", { ...find, update }), [{ ...stored, ...update }]],
    ["after a deletion", () => store.run("delete", find), []],
    ["after another read", () => store.run("count", { model: "session" }), [stored]],
    [
      "after a transaction's commit",
      () => store.log?.commit([{ operation: { delete: find } }]) ?? Promise.reject(new Error()),
      [],
    ],
    [
      "after a look at a transaction's writes",
      () => store.log?.speculate([{ operation: { delete: find } }]) ?? Promise.reject(new Error()),
      [stored],
    ],
  ];

  it.each(between)("%s", async (_name, work, rows) => {
    const result = await listing(async () => {
      await store.run("findOne", find);
      await work();
    });
    expect(result).toEqual({ calls: 1, rows });
  });

  it.each([
    ["by another filter", { ...list, where: by("userId", "u1") }],
    ["in another table", { ...list, model: "user" }],
    ["more than one row", { ...list, limit: 2 }],
    ["not the first row", { ...list, offset: 1 }],
    ["in an order", { ...list, sortBy: { field: "id", direction: "asc" as const } }],
    ["some fields", { ...list, select: ["id"] }],
    ["with a join", { ...list, join: [] }],
  ])("for a list %s", async (_name, args) => {
    await store.run("findOne", find);
    harness.calls.length = 0;
    await store.run("findMany", args);
    expect(harness.calls).toHaveLength(1);
  });

  it.each([
    ["found only some fields", () => store.run("findOne", { ...find, select: ["id"] })],
    ["found nothing", () => store.run("findOne", { ...find, where: by("token", "none") })],
  ])("when the search %s", async (_name, work) => {
    expect(await listing(work)).toMatchObject({ calls: 1 });
  });

  it("when operations overlapped, in whatever order they end", async () => {
    for (const other of [
      () => store.run("update", { ...find, update }),
      () => store.run("findOne", { model: "user", where: by("id", "u1") }),
    ]) {
      expect(await listing(() => Promise.all([store.run("findOne", find), other()]))).toMatchObject(
        { calls: 1 },
      );
      expect(
        await listing(() => Promise.all([other(), store.run("findOne", find), other()])),
      ).toMatchObject({ calls: 1 });
    }
  });

  it("once the endpoint has answered, as the app may have changed the row by another way", async () => {
    const before = async (): Promise<void> => {
      await store.run("findOne", find);
      store.end();
    };
    expect(await listing(before)).toEqual({ calls: 1, rows: [stored] });
  });

  it("in another request: stores share nothing", async () => {
    await store.run("findOne", find);
    const other = remembering(harness.store());
    await other.run("delete", find);
    harness.calls.length = 0;
    expect(await remembering(harness.store()).run("findMany", list)).toEqual([]);
    expect(harness.calls).toHaveLength(1);
  });

  it("after an error", async () => {
    await store.run("findOne", find);
    const broken = { ...find, where: [{ field: "token", value: "t1", operator: "regex" }] };
    await expect(store.run("findOne", broken)).rejects.toThrow();
    expect(await listing(() => Promise.resolve())).toMatchObject({ calls: 1 });
  });
});
