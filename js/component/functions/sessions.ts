/** Where a session is looked up. None of these reads a clock: Convex can cache the queries until a row changes. */
import { v } from "convex/values";
import { changes, orChanges, withChanges } from "../changes.js";
import { faults, orFault } from "../fault-values.js";
import { page, parts } from "../paged.js";
import { run } from "../run.js";
import { cachedToken, row, storedKey } from "../validators.js";
import { writingInPages } from "../writes.js";
import { mutation, query } from "../../../convex/_generated/server.js";

const sessionAndUser = v.union(v.null(), v.object({ session: row, user: row }));

/** The session named by a JWT and its user: two indexed reads, null when revoked or of another user. */
export const sessionUser = query({
  args: { sessionId: v.string(), userId: v.string() },
  returns: sessionAndUser,
  handler: (ctx, args) => run(ctx, { sessionUser: args }),
});

/** The session that a cookie or bearer token belongs to, and its user. The caller compares `expiresAt` with its clock. */
export const sessionByToken = query({
  args: { token: v.string() },
  returns: sessionAndUser,
  handler: (ctx, args) => run(ctx, { sessionByToken: args }),
});

/** All that the token endpoint needs, in one call: session, user, the cached JWT and the keys. */
export const tokenContext = query({
  args: { token: v.string() },
  returns: v.union(
    v.null(),
    v.object({
      session: row,
      user: row,
      cached: cachedToken,
      keys: v.array(storedKey),
    }),
  ),
  handler: (ctx, args) => run(ctx, { tokenContext: args }),
});

/** Deletes one session. Subscribed clients notice at once, because `sessionUser` becomes null. */
export const revokeSession = mutation({
  args: { sessionId: v.string(), changes },
  returns: orChanges(v.boolean()),
  handler: (ctx, { sessionId, changes }) =>
    withChanges(ctx, changes, (ctx) => run(ctx, { revokeSession: { id: sessionId } })),
});

/** Deletes the sessions of a user and tells how many; in pages, for there may be more than one transaction can delete. */
export const revokeUserSessions = mutation({
  args: { userId: v.string(), page, faults, changes },
  returns: orFault(orChanges(parts(v.number()))),
  handler: (ctx, args) =>
    writingInPages(ctx, args, (ctx, args) => run(ctx, { revokeUserSessions: args })),
});
