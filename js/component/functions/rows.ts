/** Better Auth's ten adapter methods and the transaction log, each one call of the core in one Convex transaction. */
import type { AnyDataModel, GenericMutationCtx } from "convex/server";
import type { Infer } from "convex/values";
import { ConvexError, v } from "convex/values";
import type { WithChanges } from "../../protocol/row-change.js";
import { changes, orChanges, withChanges } from "../changes.js";
import { faultOf, faults, orFault, withFaults } from "../fault-values.js";
import { page, parts } from "../paged.js";
import { run } from "../run.js";
import { readSearched } from "../search.js";
import type { Creation } from "../sweep.js";
import { sweep } from "../sweep.js";
import { filter, join, row, rules, sortBy, step } from "../validators.js";
import { writing, writingInPages } from "../writes.js";
import type { FaultValue } from "../../errors/fault-value.js";
import { internal } from "../../../convex/_generated/api.js";
import { internalMutation, mutation, query } from "../../../convex/_generated/server.js";

export const create = mutation({
  args: { model: v.string(), data: v.any(), rules: v.optional(rules), faults, changes },
  returns: orFault(row),
  handler: (ctx, { faults, changes, ...args }) =>
    withFaults(ctx, faults, async (ctx) => {
      let id: unknown;
      const answer = await withChanges(ctx, changes, async (ctx) => {
        const created = await run(ctx, { create: args });
        id = created.id;
        return created;
      });
      await sweep(ctx, [{ model: args.model, id, rules: args.rules }]);
      return answer;
    }),
});

export const findOne = query({
  args: {
    model: v.string(),
    where: filter,
    select: v.optional(v.array(v.string())),
    join: v.optional(v.array(join)),
    faults,
  },
  returns: orFault(v.union(row, v.null())),
  handler: (ctx, { faults, ...args }) =>
    withFaults(ctx, faults, (ctx) => run(ctx, { findOne: args })),
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
    faults,
  },
  returns: orFault(parts(v.array(row))),
  handler: (ctx, { faults, ...args }) =>
    withFaults(ctx, faults, (ctx) =>
      readSearched(ctx, args, (list) => run(ctx, { findMany: list })),
    ),
});

export const count = query({
  args: { model: v.string(), where: v.optional(filter), page, faults },
  returns: orFault(parts(v.number())),
  handler: (ctx, { faults, ...args }) =>
    withFaults(ctx, faults, (ctx) => readSearched(ctx, args, (list) => run(ctx, { count: list }))),
});

export const update = mutation({
  args: {
    model: v.string(),
    where: filter,
    update: v.any(),
    rules: v.optional(rules),
    faults,
    changes,
  },
  returns: orFault(v.union(row, v.null())),
  handler: (ctx, args) => writing(ctx, args, (ctx, args) => run(ctx, { update: args })),
});

export const updateMany = mutation({
  args: {
    model: v.string(),
    where: filter,
    update: v.any(),
    rules: v.optional(rules),
    page,
    faults,
    changes,
  },
  returns: orFault(orChanges(parts(v.number()))),
  handler: (ctx, args) => writingInPages(ctx, args, (ctx, args) => run(ctx, { updateMany: args })),
});

/** Better Auth's `delete`; the word is reserved in JavaScript. */
export const deleteOne = mutation({
  args: { model: v.string(), where: filter, rules: v.optional(rules), page, faults, changes },
  returns: orFault(orChanges(parts(v.null()))),
  handler: (ctx, args) => writingInPages(ctx, args, (ctx, args) => run(ctx, { delete: args })),
});

export const deleteMany = mutation({
  args: { model: v.string(), where: filter, rules: v.optional(rules), page, faults, changes },
  returns: orFault(orChanges(parts(v.number()))),
  handler: (ctx, args) => writingInPages(ctx, args, (ctx, args) => run(ctx, { deleteMany: args })),
});

export const consumeOne = mutation({
  args: { model: v.string(), where: filter, rules: v.optional(rules), faults, changes },
  returns: orFault(v.union(row, v.null())),
  handler: (ctx, args) => writing(ctx, args, (ctx, args) => run(ctx, { consumeOne: args })),
});

export const incrementOne = mutation({
  args: {
    model: v.string(),
    where: filter,
    increment: v.record(v.string(), v.number()),
    set: v.optional(v.any()),
    rules: v.optional(rules),
    faults,
    changes,
  },
  returns: orFault(v.union(row, v.null())),
  handler: (ctx, args) => writing(ctx, args, (ctx, args) => run(ctx, { incrementOne: args })),
});

/** Replays the log of a transaction: every observed result must come out again, then everything is written. */
export const commit = mutation({
  args: { log: v.array(step), faults, changes },
  returns: orFault(orChanges(v.array(v.any()))),
  handler: (ctx, { faults, changes, log }) =>
    withFaults(ctx, faults, (ctx) => committed(ctx, log, changes)),
});

/**
 * Tells what the last step of a log would give, and writes nothing: the log is replayed in a sub-transaction that is
 * rolled back. This is how a transaction in an action reads its own writes by exactly the rules of the real commit.
 */
export const speculate = mutation({
  args: { log: v.array(step), faults },
  returns: orFault(v.array(v.any())),
  handler: async (ctx, { faults, log }): Promise<unknown[] | FaultValue> => {
    try {
      await ctx.runMutation(internal.transactions.rehearse, { log });
    } catch (error) {
      const answer = rehearsed(error) ?? (faults && faultOf(error));
      if (answer) return answer;
      throw error;
    }
    throw new ConvexError({ code: "INTERNAL_FAULT", message: "a rehearsal did not roll back" });
  },
});

/**
 * Replays a log for the module `transactions`. A fault comes as a value even when something was written: the caller has to
 * throw then. What is not to be `keep`t sweeps nothing.
 */
export const replay = internalMutation({
  args: { log: v.array(step), keep: v.boolean(), changes },
  returns: orFault(orChanges(v.array(v.any()))),
  handler: async (ctx, { log, keep, changes }) => {
    try {
      return await (keep ? committed(ctx, log, changes) : replayed(ctx, log));
    } catch (error) {
      const fault = faultOf(error);
      if (fault) return fault;
      throw error;
    }
  },
});

type Ctx = Pick<GenericMutationCtx<AnyDataModel>, "db" | "meta" | "scheduler">;
type Log = Infer<typeof step>[];

async function committed(
  ctx: Ctx,
  log: Log,
  tables?: readonly string[],
): Promise<unknown[] | WithChanges<unknown[]>> {
  const results = await withChanges(ctx, tables, (ctx) => replayed(ctx, log));
  await sweep(
    ctx,
    log.flatMap(({ operation }) => creationOf(operation)),
  );
  return results;
}

async function replayed(ctx: Ctx, log: Log): Promise<unknown[]> {
  return (await run(ctx, { replay: { log } })).results;
}

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
