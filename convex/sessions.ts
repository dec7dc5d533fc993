/** Sessions under their first path, for code that names it. The library calls `gate`. */
import { v } from "convex/values";
import { run } from "../js/component/run.js";
import { mutation } from "./_generated/server.js";

export {
  revokeSession as revoke,
  revokeUserSessions as revokePage,
  sessionByToken,
  sessionUser,
  tokenContext,
} from "./gate.js";

export const experimental_reuseContext = true;

/** Deletes every session of a user, in this one transaction, and tells how many there were. */
export const revokeAll = mutation({
  args: { userId: v.string() },
  returns: v.number(),
  handler: async (ctx, args) => (await run(ctx, { revokeUserSessions: args })) as number,
});
