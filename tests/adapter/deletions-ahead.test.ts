/** Transactions that are too large for one commit: whose deletions go ahead, and whose do not. */
import type { DBAdapter, DBTransactionAdapter } from "better-auth/adapters";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { makeLookupsQuick } from "../host/quick-lookup.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";

let harness: ComponentHarness;
let adapter: DBAdapter;

beforeEach(async () => {
  harness = createComponentHarness();
  await makeLookupsQuick((handler) => harness.t.run(handler as never));
  adapter = createConvexGateAdapter({ store: harness.store() })({});
});

const model = "verification";
const count = (): Promise<number> => harness.store().run("count", { model });
const create = (store: DBTransactionAdapter, identifier: string, value = "v"): Promise<unknown> =>
  store.create({ model, data: { identifier, value, expiresAt: new Date(4e12) } });
const old = [{ field: "identifier", value: "old" }];

async function seed(rows: number): Promise<void> {
  const row = (n: number) => ({ id: `old-${String(n)}`, identifier: "old", value: "v" });
  const steps = Array.from({ length: rows }, (_, n) => ({
    operation: { create: { model, data: row(n) } },
  }));
  for (let from = 0; from < rows; from += 500)
    await harness.store().log?.commit(steps.slice(from, from + 500));
}

describe("a transaction of an action", () => {
  it("whose deletions are too large does them ahead, and the rest in one commit", async () => {
    await seed(4_200);
    await adapter.transaction(async (store) => {
      expect(await store.deleteMany({ model, where: old })).toBe(4_200);
      await create(store, "new");
    });
    expect(await count()).toBe(1);
  }, 60_000);

  it("whose other writes are too large deletes nothing", async () => {
    await seed(3);
    const work = adapter.transaction(async (store) => {
      await store.delete({ model, where: [{ field: "id", value: "old-0" }] });
      for (let n = 0; n < 18; n += 1) await create(store, "new", "x".repeat(1_000_000));
    });
    await expect(work).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    expect(await count()).toBe(3);
  }, 60_000);

  it("whose other writes are too large after what it asked for is unchanged as well", async () => {
    await seed(3);
    const work = adapter.transaction(async (store) => {
      await store.deleteMany({ model, where: old });
      for (let n = 0; n < 18; n += 1) await create(store, "new", "x".repeat(1_000_000));
      await store.findMany({ model, where: old });
    });
    await expect(work).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    expect(await count()).toBe(3);
  }, 60_000);
});
