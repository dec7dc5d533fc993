/** Better Auth's ten adapter methods and the transaction log, each one call of the core in one Convex transaction. */
import { ConvexError, v } from "convex/values";
import { page, parts, withCursor, withCursorText } from "../js/component/paged.js";
import { run } from "../js/component/run.js";
import { readSearched } from "../js/component/search.js";
import type { Creation } from "../js/component/sweep.js";
import { sweep } from "../js/component/sweep.js";
import { filter, join, row, rules, sortBy, step } from "../js/component/validators.js";
import { internal } from "./_generated/api.js";
import { internalMutation, mutation, query } from "./_generated/server.js";

// Convex may keep this module's context, and with it the compiled wasm, for the next call. Nothing of a request is kept.
export const experimental_reuseContext = true;

export const create = mutation({
  args: { model: v.string(), data: v.any(), rules: v.optional(rules) },
  returns: row,
  handler: async (ctx, args) => {
    const created = await run(ctx, { create: args });
    await sweep(ctx, [{ model: args.model, id: created.id, rules: args.rules }]);
    return created;
  },
});

export const findOne = query({
  args: {
    model: v.string(),
    where: filter,
    select: v.optional(v.array(v.string())),
    join: v.optional(v.array(join)),
  },
  returns: v.union(row, v.null()),
  handler: (ctx, args) => run(ctx, { findOne: args }),
});

export const findMany = query({
  args: {
    model: v.string(),
    where: v.optional(filter),
    limit: v.optional(v.number()),
    offset: v.optional(v.number()),
    sortBy: v.optional(sortBy),
    select: v.optional(v.array(v.string())),
    join: v.optional(v.array(join)),
    page,
  },
  returns: parts(v.array(row)),
  handler: (ctx, args) => readSearched(ctx, args, (list) => run(ctx, { findMany: list })),
});

export const count = query({
  args: { model: v.string(), where: v.optional(filter), page },
  returns: parts(v.number()),
  handler: (ctx, args) => readSearched(ctx, args, (list) => run(ctx, { count: list })),
});

export const update = mutation({
  args: { model: v.string(), where: filter, update: v.any(), rules: v.optional(rules) },
  returns: v.union(row, v.null()),
  handler: (ctx, args) => run(ctx, { update: args }),
});

/** `update` under the name that goes with `findOne` and `deleteOne`. */
export const updateOne = update;

export const updateMany = mutation({
  args: { model: v.string(), where: filter, update: v.any(), rules: v.optional(rules), page },
  returns: parts(v.number()),
  handler: async (ctx, args) => withCursorText(await run(ctx, { updateMany: withCursor(args) })),
});

/** Better Auth's `delete`; the word is reserved in JavaScript. */
export const deleteOne = mutation({
  args: { model: v.string(), where: filter, rules: v.optional(rules), page },
  returns: parts(v.null()),
  handler: async (ctx, args) => withCursorText(await run(ctx, { delete: withCursor(args) })),
});

export const deleteMany = mutation({
  args: { model: v.string(), where: filter, rules: v.optional(rules), page },
  returns: parts(v.number()),
  handler: async (ctx, args) => withCursorText(await run(ctx, { deleteMany: withCursor(args) })),
});

export const consumeOne = mutation({
  args: { model: v.string(), where: filter, rules: v.optional(rules) },
  returns: v.union(row, v.null()),
  handler: (ctx, args) => run(ctx, { consumeOne: args }),
});

export const incrementOne = mutation({
  args: {
    model: v.string(),
    where: filter,
    increment: v.record(v.string(), v.number()),
    set: v.optional(v.any()),
    rules: v.optional(rules),
  },
  returns: v.union(row, v.null()),
  handler: (ctx, args) => run(ctx, { incrementOne: args }),
});

/** Replays the log of a transaction: every observed result must come out again, then everything is written. */
export const commit = mutation({
  args: { log: v.array(step) },
  returns: v.array(v.any()),
  handler: async (ctx, args) => {
    const { results } = await run(ctx, { replay: args });
    await sweep(
      ctx,
      args.log.flatMap(({ operation }) => creationOf(operation)),
    );
    return results;
  },
});

/**
 * Tells what the last step of a log would give, and writes nothing: the log is replayed in a sub-transaction that is
 * rolled back. This is how a transaction in an action reads its own writes by exactly the rules of the real commit.
 */
export const speculate = mutation({
  args: { log: v.array(step) },
  returns: v.array(v.any()),
  handler: async (ctx, args): Promise<unknown[]> => {
    try {
      await ctx.runMutation(internal.adapter.rehearse, args);
    } catch (error) {
      const results = rehearsed(error);
      if (results) return results;
      throw error;
    }
    throw new ConvexError({ code: "INTERNAL_FAULT", message: "a rehearsal did not roll back" });
  },
});

/** Replays a log and always throws, the results in the error's data, so that Convex rolls its writes back. */
export const rehearse = internalMutation({
  args: { log: v.array(step) },
  returns: v.null(),
  handler: async (ctx, args): Promise<null> => {
    const { results } = await run(ctx, { replay: args });
    throw new ConvexError({ rehearsed: results } as never);
  },
});

function rehearsed(error: unknown): unknown[] | undefined {
  if (!(error instanceof Error) || !("data" in error)) return undefined;
  const { data } = error;
  if (typeof data !== "object" || data === null || !("rehearsed" in data)) return undefined;
  return Array.isArray(data.rehearsed) ? data.rehearsed : undefined;
}

/** What an operation of the log creates. The row's id was made before. */
function creationOf(operation: unknown): Creation[] {
  const { create } = operation as { create?: Omit<Creation, "id"> & { data: { id?: unknown } } };
  return create ? [{ ...create, id: create.data.id }] : [];
}
