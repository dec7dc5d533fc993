/** The signing keys. Private parts arrive encrypted: the component never sees the secret. */
import { v } from "convex/values";
import { run } from "../run.js";
import { clean } from "../sweep.js";
import { expiry, storedKey } from "../validators.js";
import { mutation, query } from "../../../convex/_generated/server.js";

/** Every key, newest first. */
export const listKeys = query({
  args: {},
  returns: v.array(storedKey),
  handler: (ctx) => run(ctx, { listKeys: {} }),
});

/** Retired keys that go when one is added. Keys are few, so these are all. */
const MOST_OVER = 32;

/**
 * Adds a key if the newest one still is `expectNewest`, and gives all keys: of concurrent first requests one wins. With
 * `retireOthersAt` (ms) the others sign no more from then on. Keys that are over for as long as `expires` says go.
 */
export const addKey = mutation({
  args: {
    key: storedKey,
    expectNewest: v.union(v.string(), v.null()),
    retireOthersAt: v.optional(v.number()),
    expires: v.optional(expiry),
  },
  returns: v.array(storedKey),
  handler: async (ctx, { expires, ...args }) => {
    if (expires) await clean(ctx, { table: "gateKeys", ...expires }, MOST_OVER);
    return run(ctx, { addKey: args });
  },
});

/**
 * Marks a key as no longer signing from `retiredAt` (ms) on and drops the tokens cached under it. A key that is retired
 * already keeps the earlier time.
 */
export const retireKey = mutation({
  args: { id: v.string(), retiredAt: v.number() },
  returns: v.array(storedKey),
  handler: (ctx, args) => run(ctx, { retireKey: args }),
});
