/** The host's optimistic concurrency: what conflicts, what does not, and what a mutation gets that loses every time. */
import { convexTest } from "convex-test";
import { defineSchema, defineTable } from "convex/server";
import type { DataModelFromSchemaDefinition, GenericMutationCtx } from "convex/server";
import { v } from "convex/values";
import { beforeEach, describe, expect, it } from "vitest";
import { createComponentHarness } from "../support/component-harness.js";
import type { Concurrency } from "./optimistic.js";
import { makeOptimistic } from "./optimistic.js";

const schema = defineSchema({
  counters: defineTable({ name: v.string(), count: v.number() }).index("by_name", ["name"]),
});
const open = () => convexTest({ schema, modules: { "./_generated/api.ts": async () => ({}) } });
type Ctx = GenericMutationCtx<DataModelFromSchemaDefinition<typeof schema>>;

let t: ReturnType<typeof open>;
let concurrency: Concurrency;
beforeEach(async () => {
  t = open();
  concurrency = await makeOptimistic((handler) => t.run(handler));
  for (const name of ["a", "b", "c", "d"]) await insert(name)();
  concurrency.reset();
});

const run =
  (handler: (ctx: Ctx) => Promise<unknown>, name = "counters:change") =>
  (): Promise<unknown> =>
    concurrency.run(name, () => t.mutation(handler as (ctx: unknown) => Promise<never>));
const insert = (name: string) => run((ctx) => ctx.db.insert("counters", { name, count: 0 }));
const find = (ctx: Ctx, name: string) =>
  ctx.db.query("counters").withIndex("by_name", (q) => q.eq("name", name));
const add = (name: string, sum = 1) =>
  run(async (ctx) => {
    const found = await find(ctx, name).first();
    if (found) await ctx.db.patch(found._id, { count: found.count + sum });
  });
const countOf = (name: string): Promise<number | undefined> =>
  t.run(async (ctx) => (await find(ctx as never, name).first())?.count);
const together = (...mutations: (() => Promise<unknown>)[]) =>
  Promise.all(mutations.map((each) => each()));
/** Counts what others have, so that it writes and has read them. */
const copy = (read: (ctx: Ctx) => Promise<unknown>, into: string) =>
  run(async (ctx) => {
    await read(ctx);
    await ctx.db.insert("counters", { name: into, count: 0 });
  });

it("counts what two count at once, and runs the later one again", async () => {
  await together(add("a"), add("a"));
  expect(await countOf("a")).toBe(2);
  expect(concurrency.counts()).toEqual({ committed: 2, conflicts: 1, lost: 0 });
});

describe("no conflict", () => {
  const pairs: [string, () => (() => Promise<unknown>)[]][] = [
    ["in other documents", () => [add("a"), add("b")]],
    ["with reads alone", () => [add("a"), run((ctx) => find(ctx, "a").collect())]],
    [
      "past what was consumed",
      () => [
        insert("bb"),
        copy((ctx) => ctx.db.query("counters").withIndex("by_name").first(), "z"),
      ],
    ],
    [
      "past a limit",
      () => [
        insert("bb"),
        copy((ctx) => ctx.db.query("counters").withIndex("by_name").take(2), "z"),
      ],
    ],
    ["of inserts", () => [insert("e"), insert("e")]],
  ];
  it.each(pairs)("%s", async (_name, mutations) => {
    await together(...mutations());
    expect(concurrency.counts()).toEqual({ committed: 2, conflicts: 0, lost: 0 });
  });
});

describe("a conflict", () => {
  const pairs: [string, () => (() => Promise<unknown>)[]][] = [
    ["with what was not there", () => [insert("e"), copy((ctx) => find(ctx, "e").first(), "e")]],
    [
      "within what was consumed",
      () => [
        insert("aa"),
        copy((ctx) => ctx.db.query("counters").withIndex("by_name").take(2), "z"),
      ],
    ],
    ["with a whole range", () => [insert("bb"), copy((ctx) => find(ctx, "bb").collect(), "z")]],
    [
      "with what left the range",
      () => [
        run(async (ctx) => {
          const found = await find(ctx, "a").first();
          if (found) await ctx.db.delete(found._id);
        }),
        copy((ctx) => find(ctx, "a").collect(), "z"),
      ],
    ],
  ];
  it.each(pairs)("%s", async (_name, mutations) => {
    await together(...mutations());
    expect(concurrency.counts()).toEqual({ committed: 2, conflicts: 1, lost: 0 });
  });
});

it("shows a mutation the database as it was when it began", async () => {
  const seen: unknown[] = [];
  const look = run(async (ctx) => {
    seen.push((await find(ctx, "a").first())?.count, (await find(ctx, "e").first())?.count);
  });
  await together(add("a", 5), insert("e"), look);
  expect(seen).toEqual([0, undefined]);
});

it("the first row of a table that no schema declares is something that everybody has read", async () => {
  const t = open();
  const { run, watch, counts } = await makeOptimistic((handler) => t.run(handler), {
    isDeclared: (_path, table) => table === "counters",
  });
  const mutate = (table: string): Promise<unknown> =>
    run("rows:add", () =>
      t.mutation(async (ctx) => void (await ctx.db.insert(table as "counters", {} as never))),
    );
  const look = () => watch(() => t.query(async (ctx) => find(ctx as never, "a").first()));
  const { watched: first } = await look();
  await Promise.all([mutate("unknown"), mutate("unknown")]);
  expect([first.isStale(), counts()]).toEqual([true, { committed: 2, conflicts: 1, lost: 0 }]);
  const { watched: later } = await look();
  await Promise.all([mutate("unknown"), mutate("unknown")]);
  expect([later.isStale(), counts()]).toEqual([false, { committed: 4, conflicts: 1, lost: 0 }]);
});

it("gives up after five runs, with Convex's text", async () => {
  const handler = async (ctx: Ctx): Promise<void> => {
    const found = await find(ctx, "a").first();
    if (found) await ctx.db.patch(found._id, { count: 100 });
  };
  // Somebody else is quicker every time.
  const slow = concurrency.run("counters:slow", async () => {
    await add("a")();
    return t.mutation(handler as (ctx: unknown) => Promise<never>);
  });
  await expect(slow).rejects.toThrow(
    /^Documents read from or written to the "counters" table changed while this mutation was being run and on every subsequent retry\. A call to "counters:change" changed the document with ID "\d+counters"\. See https:\/\/docs\.convex\.dev\/error#1$/,
  );
  expect(concurrency.counts()).toEqual({ committed: 5, conflicts: 5, lost: 1 });
  expect(await countOf("a")).toBe(5);
});

it("takes nested calls of components for parts of their mutation", async () => {
  const harness = createComponentHarness({ concurrent: true });
  const store = harness.store();
  await store.run("create", { model: "note", data: { id: "n", count: 0 } });
  const optimistic = await harness.concurrency();
  optimistic.reset();
  const increment = {
    model: "note",
    where: [{ field: "id", value: "n" }],
    increment: { count: 1 },
  };
  const twice = (): Promise<unknown> =>
    optimistic.run("app:twice", () =>
      harness.t.mutation(async (ctx) => {
        await ctx.runMutation(harness.component.adapter.incrementOne, increment);
        await ctx.runMutation(harness.component.adapter.incrementOne, increment);
      }),
    );
  await together(twice, twice, twice);
  const { committed, conflicts } = optimistic.counts();
  expect([committed, conflicts > 1]).toEqual([3, true]);
  expect(await store.run("findMany", { model: "note" })).toMatchObject([{ count: 6 }]);
});
