/** What Better Auth instances declare of users and sessions; `docs/tables.md` tells what becomes of it. */
import { v } from "convex/values";
import { declareShape, fillShapes } from "../js/component/shapes.js";
import { internalMutation, mutation } from "./_generated/server.js";

export const experimental_reuseContext = true;

const table = v.union(v.literal("user"), v.literal("session"));

/** Notes what an instance declares that has met an older row, corrects this row at once and the others in pages. */
export const declare = mutation({
  args: { table, columns: v.array(v.string()), shape: v.array(v.string()), seen: v.string() },
  returns: v.null(),
  handler: (ctx, args) => declareShape(ctx, args),
});

/** Corrects a page of rows and schedules the next page. */
export const fill = internalMutation({
  args: { table, round: v.number(), after: v.optional(v.number()) },
  returns: v.null(),
  handler: (ctx, args) => fillShapes(ctx, args),
});
