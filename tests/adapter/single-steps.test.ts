/** `consumeOne` and `incrementOne`: one mutation each, with SQL's rules for what is not there. */
import type { DBAdapter, Where } from "better-auth/adapters";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";

type Row = Record<string, unknown>;

const at = new Date(1_700_000_000_000);
let harness: ComponentHarness;
let adapter: DBAdapter;

beforeEach(() => {
  harness = createComponentHarness();
  adapter = createConvexGateAdapter({ store: harness.store() })({
    user: {
      additionalFields: {
        attempts: { type: "number", required: false },
        score: { type: "number", required: false },
        handle: { type: "string", required: false, unique: true },
        lockedUntil: { type: "date", required: false },
        code: { type: "string", required: false },
      },
    },
  });
});

const create = (id: string, extra: Row = {}): Promise<unknown> =>
  adapter.create({
    model: "user",
    data: {
      id,
      name: id,
      email: `${id}@example.com`,
      emailVerified: false,
      createdAt: at,
      updatedAt: at,
      ...extra,
    },
    forceAllowId: true,
  });
const find = (id: string): Promise<Row | null> =>
  adapter.findOne<Row>({ model: "user", where: [{ field: "id", value: id }] });
const increment = (where: Where[], by: Record<string, number>, set?: Row): Promise<Row | null> =>
  adapter.incrementOne<Row>({ model: "user", where, increment: by, ...(set && { set }) });
const functions = (): (string | undefined)[] => harness.costs.map((cost) => cost.split(" ")[0]);
const ada = { field: "id", value: "ada" };

describe("incrementOne", () => {
  it("is one mutation, and gives the row as it is then", async () => {
    await create("ada", { attempts: 1 });
    harness.costs.length = 0;
    const row = await increment([ada], { attempts: 2, score: -1.5 }, { name: "Grace" });
    expect(functions()).toEqual(["gate:incrementOne"]);
    expect(row).toMatchObject({ attempts: 3, score: -1.5, name: "Grace", createdAt: at });
    expect(await find("ada")).toEqual(row);
  });

  it.each([
    ["absent", {}],
    ["null", { attempts: null }],
  ])("counts an %s counter as 0", async (_name, extra) => {
    await create("ada", extra);
    expect(await increment([ada], { attempts: 1 })).toMatchObject({ attempts: 1 });
  });

  it.each<[string, Where]>([
    ["lt", { field: "attempts", operator: "lt", value: 5 }],
    ["lte", { field: "attempts", operator: "lte", value: 5 }],
    ["ne", { field: "attempts", operator: "ne", value: 5 }],
    ["not_in", { field: "attempts", operator: "not_in", value: [5] }],
    ["gt", { field: "attempts", operator: "gt", value: -5 }],
  ])("a guard by `%s` is not passed by a null, and nothing changes", async (_name, guard) => {
    await create("ada", { attempts: null });
    const before = await find("ada");
    expect(await increment([ada, guard], { attempts: 1 })).toBeNull();
    expect(await find("ada")).toEqual(before);
    await create("bob", { attempts: 0 });
    expect(await increment([{ field: "id", value: "bob" }, guard], { attempts: 1 })).toMatchObject({
      attempts: 1,
    });
  });

  it("swaps when it compares equal: an empty increment, null and dates too", async () => {
    await create("ada", { code: "old" });
    const swap = (from: string | null, to: string | null) =>
      increment([ada, { field: "code", value: from }], {}, { code: to });
    expect(await swap("old", "new")).toMatchObject({ code: "new" });
    expect(await swap("old", "newer")).toBeNull();
    expect(await swap("new", null)).toMatchObject({ code: null });
    expect(await swap(null, "again")).toMatchObject({ code: "again" });
    const lock = { field: "lockedUntil", value: null };
    expect(await increment([ada, lock], {}, { lockedUntil: at })).toMatchObject({
      lockedUntil: at,
    });
    expect(await increment([ada, lock], {}, { lockedUntil: null })).toBeNull();
    const locked = { field: "lockedUntil", value: at };
    expect(await increment([ada, locked], {}, { lockedUntil: null })).toMatchObject({
      lockedUntil: null,
    });
  });

  it("of ten swaps from one value one happens", async () => {
    await create("ada", { code: "old" });
    const swaps = Array.from({ length: 10 }, (_, index) =>
      increment([ada, { field: "code", value: "old" }], {}, { code: `new ${String(index)}` }),
    );
    expect((await Promise.all(swaps)).filter((row) => row !== null)).toHaveLength(1);
  });

  it("changes one row although more match", async () => {
    await create("ada", { attempts: 0 });
    await create("bob", { attempts: 0 });
    await increment([{ field: "attempts", value: 0 }], { attempts: 1 });
    expect(await adapter.count({ model: "user", where: [{ field: "attempts", value: 1 }] })).toBe(
      1,
    );
  });

  it("may not set what is unique to another's value", async () => {
    await create("ada", { handle: "ada" });
    await create("bob", { handle: "bob", attempts: 1 });
    const bob = { field: "id", value: "bob" };
    const taken = increment([bob], { attempts: 1 }, { handle: "ada" });
    await expect(taken).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });
    expect(await find("bob")).toMatchObject({ handle: "bob", attempts: 1 });
    expect(await increment([bob], { attempts: 1 }, { handle: "bob" })).toMatchObject({
      attempts: 2,
    });
  });

  it("refuses what is no number, and asks for something to do", async () => {
    await create("ada", { attempts: 1 });
    await expect(increment([ada], { attempts: Number.NaN })).rejects.toThrow();
    await expect(increment([ada], { name: 1 })).rejects.toThrow();
    await expect(increment([ada], {})).rejects.toThrow();
    expect(await find("ada")).toMatchObject({ attempts: 1, name: "ada" });
  });
});

describe("consumeOne", () => {
  const consume = (where: Where[]): Promise<Row | null> =>
    adapter.consumeOne<Row>({ model: "user", where });

  it("is one mutation, and gives the row that it took", async () => {
    await create("ada", { code: "c" });
    const before = await find("ada");
    harness.costs.length = 0;
    expect(await consume([{ field: "code", value: "c" }])).toEqual(before);
    expect(functions()).toEqual(["gate:consumeOne"]);
    expect(await find("ada")).toBeNull();
    expect(await consume([{ field: "code", value: "c" }])).toBeNull();
  });

  it("takes one although more match, and none that its guard refuses", async () => {
    await create("ada", { attempts: 5 });
    await create("bob", { attempts: 5 });
    await create("eve", { attempts: null });
    expect(await consume([{ field: "attempts", operator: "lt", value: 5 }])).toBeNull();
    expect(await consume([{ field: "attempts", operator: "ne", value: 5 }])).toBeNull();
    expect(await consume([{ field: "attempts", value: 5 }])).not.toBeNull();
    expect(await adapter.count({ model: "user" })).toBe(2);
  });

  it("takes along what belongs to the row, as a deletion does", async () => {
    await create("ada");
    const session = { token: "t", userId: "ada", expiresAt: at, createdAt: at, updatedAt: at };
    await adapter.create({ model: "session", data: session });
    await consume([ada]);
    expect(await adapter.count({ model: "session" })).toBe(0);
  });
});
