/** Large sets from an action and from a mutation, through the built wasm and the component. */
import type { DBAdapter } from "better-auth/adapters";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import type { ConvexGateStore } from "../../js/adapter/index.js";
import type { ComponentHarness } from "../support/component-harness.js";
import { createComponentHarness } from "../support/component-harness.js";

let harness: ComponentHarness;
let adapter: DBAdapter;

const adapterOver = (store: ConvexGateStore): DBAdapter => createConvexGateAdapter({ store })({});

beforeEach(() => {
  harness = createComponentHarness();
  adapter = adapterOver(harness.store());
});

/** Verifications, every third of one identifier, each with a text of this length. */
async function seed(count: number, length: number): Promise<void> {
  const padding = "x".repeat(length);
  const steps = Array.from({ length: count }, (_, n) => ({
    operation: {
      create: {
        model: "verification",
        data: {
          id: `v${String(n)}`,
          identifier: n % 3 === 0 ? "third" : `other${String(n)}`,
          value: `${String((n * 7919) % count).padStart(6, "0")}${padding}`,
          expiresAt: 4e12 + n,
          createdAt: n,
          updatedAt: n,
        },
      },
    },
  }));
  for (let from = 0; from < count; from += 50)
    await harness.store().log?.commit(steps.slice(from, from + 50));
  harness.calls.length = 0;
}

describe("in an action", () => {
  it("a list past 200 rows ends, with every row once", async () => {
    await seed(450, 0);
    const rows = await adapter.findMany<{ id: string }>({ model: "verification", limit: 1_000 });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(450);
    expect(rows).toHaveLength(450);
    expect(await adapter.findMany({ model: "verification" })).toHaveLength(100);
    expect(harness.calls).toEqual(["query", "query"]);
  });

  it("what one transaction cannot read is counted, listed, changed and deleted, a page a call", async () => {
    await seed(150, 100_000);
    expect(await adapter.count({ model: "verification" })).toBe(150);
    expect(harness.calls.length).toBeGreaterThan(2);

    // No index is in the order of `value`: each page is in order by itself.
    const listed = await adapter.findMany<{ value: string }>({
      model: "verification",
      sortBy: { field: "value", direction: "desc" },
      offset: 5,
      limit: 140,
      select: ["value"],
    });
    expect(listed.map(({ value }) => Number(value.slice(0, 6)))).toEqual(
      Array.from({ length: 140 }, (_, n) => 144 - n),
    );

    const all = { model: "verification", where: [] };
    expect(await adapter.updateMany({ ...all, update: { value: "same" } })).toBe(150);
    const third = [{ field: "identifier", value: "third" }];
    expect(await adapter.deleteMany({ model: "verification", where: third })).toBe(50);
    harness.calls.length = 0;
    expect(await adapter.count({ model: "verification" })).toBe(100);
    expect(await adapter.deleteMany(all)).toBe(100);
    expect(harness.calls.filter((kind) => kind === "query")).toHaveLength(1);
  }, 60_000);
});

describe("in one transaction", () => {
  it("what is too much is an error that names the limit, and nothing changes", async () => {
    await seed(160, 100_000);
    const single = adapterOver(harness.mutationStore());
    const limit = { code: "LIMIT_EXCEEDED", meta: { limit: "bytes read" } };
    const all = { model: "verification", where: [] };
    await expect(single.count(all)).rejects.toMatchObject(limit);
    await expect(single.deleteMany(all)).rejects.toMatchObject(limit);
    await expect(single.updateMany({ ...all, update: { value: "" } })).rejects.toMatchObject(limit);
    expect(await adapter.count(all)).toBe(160);
    expect(harness.dropped).toEqual([]);
  }, 60_000);
});
