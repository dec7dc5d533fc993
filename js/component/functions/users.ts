/** Look-ups of users by id. */
import { v } from "convex/values";
import { run } from "../run.js";
import { row } from "../validators.js";
import { query } from "../../../convex/_generated/server.js";

/** The user with this id, or null. */
export const getUser = query({
  args: { id: v.string() },
  returns: v.union(row, v.null()),
  handler: (ctx, args) => run(ctx, { getUser: args }),
});
