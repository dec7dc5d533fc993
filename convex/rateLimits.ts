/** The counters of rate limits; `docs/rate-limits.md` tells what is counted. No module of WebAssembly is loaded for it. */
import { v } from "convex/values";
import { consumeRate } from "../js/component/rate-limits.js";
import { mutation } from "./_generated/server.js";

export const experimental_reuseContext = true;

/**
 * Counts one request of `key`, or refuses it when the window of so many seconds has had its `max` of them. Counters that
 * were idle for `keep` ms are taken away by and by.
 */
export const consume = mutation({
  args: { key: v.string(), window: v.number(), max: v.number(), keep: v.number() },
  returns: v.object({ allowed: v.boolean(), retryAfter: v.union(v.number(), v.null()) }),
  handler: (ctx, args) => consumeRate(ctx, args),
});
