/** The cache of signed JWTs, one a session. An entry dies with its session, and is of no use once its key signs no more. */
import { v } from "convex/values";
import { run } from "../run.js";
import { mutation } from "../../../convex/_generated/server.js";

/** Keeps a signed token; false when the session was revoked meanwhile, and then the token must not be handed out. */
export const storeToken = mutation({
  args: {
    sessionId: v.string(),
    userId: v.string(),
    token: v.string(),
    keyId: v.string(),
    issuedAt: v.number(),
    expiresAt: v.number(),
  },
  returns: v.boolean(),
  handler: (ctx, args) => run(ctx, { storeToken: args }),
});
