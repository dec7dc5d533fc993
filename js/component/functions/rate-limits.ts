/** The counters of rate limits; `docs/rate-limits.md` tells what is counted. */
import { v } from "convex/values";
import { consumeRate as consume } from "../rate-limits.js";
import { mutation } from "../../../convex/_generated/server.js";

/**
 * Counts one request of `key`, or refuses it when the window of so many seconds has had its `max` of them. Counters that
 * were idle for `keep` ms are taken away by and by.
 */
export const consumeRate = mutation({
  args: { key: v.string(), window: v.number(), max: v.number(), keep: v.number() },
  returns: v.object({ allowed: v.boolean(), retryAfter: v.union(v.number(), v.null()) }),
  handler: (ctx, args) => consume(ctx, args),
});
