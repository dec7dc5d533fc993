/** House-keeping that an app schedules. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { clean, hasRoom } from "../js/component/sweep.js";
import { expiry } from "../js/component/validators.js";
import { mutation } from "./_generated/server.js";

export const experimental_reuseContext = true;

/** Rows of each table that one transaction deletes, where they are small. */
const MOST = 200;

const again = makeFunctionReference<"mutation">("maintenance:cleanUp");

/**
 * Deletes rows of these tables that are over for as long as they stay. Tells how many it deleted at once; what is left
 * after that it deletes soon, by itself. Tables share a transaction as long as there is little in them.
 */
export const cleanUp = mutation({
  args: { tables: v.array(expiry.extend({ table: v.string() })) },
  returns: v.number(),
  handler: async (ctx, args) => {
    let deleted = 0;
    const left: typeof args.tables = [];
    for (const table of args.tables) {
      if (!(await hasRoom(ctx))) {
        left.push(table);
        continue;
      }
      const cleaned = await clean(ctx, table, MOST);
      deleted += cleaned.deleted;
      if (cleaned.more) left.push(table);
    }
    if (left.length > 0) await ctx.scheduler.runAfter(0, again, { tables: left });
    return deleted;
  },
});
