/** Look-ups of users by id. */
import { v } from "convex/values";
import { run } from "../js/component/run.js";
import { row } from "../js/component/validators.js";
import { query } from "./_generated/server.js";

export const experimental_reuseContext = true;

/** The user with this id, or null. */
export const get = query({
  args: { id: v.string() },
  returns: v.union(row, v.null()),
  handler: (ctx, args) => run(ctx, { getUser: args }),
});
