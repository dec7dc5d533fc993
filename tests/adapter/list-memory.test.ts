/** Lists that would be too much for a function: told with a code, after a number of calls that is known. */
import { describe, expect, it } from "vitest";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createComponentStore } from "../../js/adapter/index.js";
import type { ConvexGateStore } from "../../js/adapter/index.js";

/** A page as the component gives it; a fake, since a real table of this size takes minutes to fill. */
const PAGE = 2_000;

function storeOver(
  rows: number,
  { action = true, bytes = 200, matches = true } = {},
): { store: ConvexGateStore; calls: () => number } {
  let calls = 0;
  const component = {
    gate: { findMany: "findMany", count: "count" },
  } as unknown as ComponentApi;
  const runQuery = (_reference: never, args: never): Promise<unknown> => {
    calls += 1;
    const { page, limit } = args as { page: string; limit?: number };
    const from = Number(page);
    const length = matches ? Math.min(PAGE, rows - from, limit ?? PAGE) : 0;
    const row = (n: number): object => ({ id: `u${String(from + n)}`, name: "x".repeat(bytes) });
    const part = limit === undefined ? length : Array.from({ length }, (_, n) => row(n));
    const isLast = from + PAGE >= rows;
    return Promise.resolve(isLast ? part : { part, next: String(from + PAGE), ordered: true });
  };
  const ctx = action ? { runQuery, runAction: true } : { runQuery };
  return { store: createComponentStore(component, ctx), calls: () => calls };
}

/** Of Better Auth's kind as well, so that a request says it. */
const exceeded = (limit: string): object => ({
  code: "LIMIT_EXCEEDED",
  meta: { limit },
  body: { code: "LIMIT_EXCEEDED" },
});

describe("a list from an action", () => {
  it("of 100,000 rows says that it does not fit into memory, before it is out of it", async () => {
    const { store, calls } = storeOver(100_000);
    const list = store.run("findMany", { model: "user", limit: 100_000 });
    await expect(list).rejects.toMatchObject(exceeded("bytes of a list"));
    expect(calls()).toBe(16);
  });

  it("of 30,000 rows is given", async () => {
    const { store, calls } = storeOver(30_000);
    expect(await store.run("findMany", { model: "user", limit: 30_000 })).toHaveLength(30_000);
    expect(calls()).toBe(15);
  });

  it("of fewer but larger rows says the same, sooner", async () => {
    const { store, calls } = storeOver(100_000, { bytes: 2_000 });
    const list = store.run("findMany", { model: "user", limit: 100_000 });
    await expect(list).rejects.toMatchObject(exceeded("bytes of a list"));
    expect(calls()).toBe(4);
  });

  it("that looks through millions of rows ends, and names the option that helps", async () => {
    const { store, calls } = storeOver(5_000_000, { matches: false });
    const list = store.run("findMany", { model: "user", limit: 10 });
    await expect(list).rejects.toMatchObject({
      ...exceeded("pages read"),
      message: expect.stringContaining("`search`") as string,
    });
    expect(calls()).toBe(1_000);
    await expect(store.run("count", { model: "user" })).rejects.toMatchObject(
      exceeded("pages read"),
    );
  });
});

describe("a list in a query", () => {
  it("that is longer than one answer comes in parts", async () => {
    const { store, calls } = storeOver(20_000, { action: false });
    expect(await store.run("findMany", { model: "user", limit: 20_000 })).toHaveLength(20_000);
    expect(calls()).toBe(10);
  });

  it("ends before Convex's limit of documents does it", async () => {
    const { store, calls } = storeOver(100_000, { action: false });
    const list = store.run("findMany", { model: "user", limit: 100_000 });
    await expect(list).rejects.toMatchObject(exceeded("pages read"));
    expect(calls()).toBe(13);
  });

  it("that Convex ends at a limit of its own is refused with a code and advice", async () => {
    const text =
      "Uncaught Error: Too many bytes read in a single function execution (limit: 16777216 bytes). Consider using smaller limits.";
    const runQuery = (): Promise<never> => Promise.reject(new Error(text));
    const component = { gate: { findMany: "findMany" } } as unknown as ComponentApi;
    const list = createComponentStore(component, { runQuery }).run("findMany", { model: "user" });
    await expect(list).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      meta: { limit: "Too many bytes read", most: 16 << 20 },
      message: expect.stringContaining("from an action") as string,
    });
  });
});
