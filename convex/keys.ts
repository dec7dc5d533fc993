/** The signing keys. Private parts arrive encrypted: the component never sees the secret. */
import { v } from "convex/values";
import { run } from "../js/component/run.js";
import { storedKey } from "../js/component/validators.js";
import { mutation, query } from "./_generated/server.js";

export const experimental_reuseContext = true;

/** Every key, newest first. */
export const list = query({
  args: {},
  returns: v.array(storedKey),
  handler: (ctx) => run(ctx, { listKeys: {} }),
});

/** Adds a key if the newest one still is `expectNewest`, and gives all keys: of concurrent first requests one wins. */
export const add = mutation({
  args: { key: storedKey, expectNewest: v.union(v.string(), v.null()) },
  returns: v.array(storedKey),
  handler: (ctx, args) => run(ctx, { addKey: args }),
});

/** Marks a key as no longer signing from `retiredAt` (ms) on and drops the tokens cached under it. */
export const retire = mutation({
  args: { id: v.string(), retiredAt: v.number() },
  returns: v.array(storedKey),
  handler: (ctx, args) => run(ctx, { retireKey: args }),
});
