/** Index entries of tables and fields that the schema does not declare; `docs/tables.md` tells how they work. */
import { v } from "convex/values";
import { run } from "../js/component/run.js";
import { internalMutation, mutation } from "./_generated/server.js";

/** Gives a page of rows their entries and schedules the next page. The core starts it when a field becomes indexed. */
export const fill = internalMutation({
  args: {
    table: v.string(),
    indexes: v.optional(v.array(v.string())),
    after: v.optional(v.number()),
  },
  returns: v.null(),
  handler: (ctx, args) => run(ctx, { fill: args }),
});

/** Checks the entries of every row of a table and completes them, in pages. Until that is done the table is scanned. */
export const rebuild = mutation({
  args: { table: v.string() },
  returns: v.null(),
  handler: (ctx, args) => run(ctx, { fill: args }),
});
