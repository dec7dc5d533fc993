/** House-keeping that an app schedules. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { run } from "../js/component/run.js";
import { mutation } from "./_generated/server.js";

export const experimental_reuseContext = true;

/** Rows of each table that one transaction deletes. */
const MOST = 200;

const again = makeFunctionReference<"mutation">("maintenance:cleanUp");

/**
 * Deletes sessions, verifications, rate limits, device codes, OAuth tokens and assertions, API keys and cached tokens
 * that are over for a day. Tells how many it deleted at once; what is left after that it deletes soon, by itself.
 */
export const cleanUp = mutation({
  args: {},
  returns: v.number(),
  handler: async (ctx) => {
    const { deleted, more } = await run(ctx, { clean: { now: Date.now(), most: MOST } });
    if (more) await ctx.scheduler.runAfter(0, again, {});
    return deleted;
  },
});
