/**
 * Logs of several writes, which have to be rolled back when a later step is refused. Only an error does that, and an error
 * costs a module its warm context: so this one has none to lose, and leaves the work to `gate`, which keeps its own.
 */
import type { Value } from "convex/values";
import { ConvexError, v } from "convex/values";
import type { WithChanges } from "../js/protocol/row-change.js";
import { changes, orChanges } from "../js/component/changes.js";
import { step } from "../js/component/validators.js";
import { convexErrorOf } from "../js/errors/convex-error.js";
import type { FaultValue } from "../js/errors/fault-value.js";
import { isFaultValue } from "../js/errors/fault-value.js";
import { internal } from "./_generated/api.js";
import { internalMutation, mutation } from "./_generated/server.js";

/** As `gate.commit`: replays the log of a transaction and writes everything or nothing. */
export const commit = mutation({
  args: { log: v.array(step), changes },
  returns: orChanges(v.array(v.any())),
  handler: async (ctx, args): Promise<unknown[] | WithChanges<unknown[]>> => {
    const answer = (await ctx.runMutation(internal.gate.replay, { ...args, keep: true })) as
      unknown[] | WithChanges<unknown[]> | FaultValue;
    if (isFaultValue(answer)) throw convexErrorOf(answer.fault);
    return answer;
  },
});

/** Replays a log and always throws, the results in the error's data, so that Convex rolls its writes back. */
export const rehearse = internalMutation({
  args: { log: v.array(step) },
  returns: v.null(),
  handler: async (ctx, { log }): Promise<null> => {
    const answer = (await ctx.runMutation(internal.gate.replay, { log, keep: false })) as
      unknown[] | FaultValue;
    throw isFaultValue(answer)
      ? convexErrorOf(answer.fault)
      : new ConvexError({ rehearsed: answer as Value[] });
  },
});
