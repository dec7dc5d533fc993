/** Where the user is signed in: Better Auth's sessions, read live, and ended by their ids so that no token is given away. */
import { v } from "convex/values";
import { components } from "./_generated/api";
import type { MutationCtx, QueryCtx } from "./_generated/server";
import { mutation, query } from "./_generated/server";
import { authComponent } from "./auth";

interface Session {
  id: string;
  userAgent?: string | null;
  createdAt: number;
  expiresAt: number;
}

/** This session first, then the others, the latest first. */
export const list = query({
  args: {},
  handler: async (ctx) => {
    const { sessions, currentId } = await ownSessions(ctx);
    return sessions
      .map((session) => ({ ...session, isCurrent: session.id === currentId }))
      .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.createdAt - a.createdAt);
  },
});

/** Somebody else's session is left alone, as one that does not exist. */
export const revoke = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const { sessions } = await ownSessions(ctx);
    if (sessions.some((session) => session.id === id)) await authComponent.revokeSession(ctx, id);
  },
});

export const revokeOthers = mutation({
  args: {},
  handler: async (ctx) => {
    const { sessions, currentId } = await ownSessions(ctx);
    for (const { id } of sessions) if (id !== currentId) await authComponent.revokeSession(ctx, id);
  },
});

async function ownSessions(ctx: QueryCtx | MutationCtx) {
  const user = await authComponent.getAuthUser(ctx);
  const sessions = (await ctx.runQuery(components.betterAuth.adapter.findMany, {
    model: "session",
    where: [{ field: "userId", value: user._id }],
    select: ["id", "userAgent", "createdAt", "expiresAt"],
    // Without a limit they are the first hundred, as with Better Auth.
    limit: 1000,
  })) as Session[];
  const identity = await ctx.auth.getUserIdentity();
  return { sessions, currentId: identity?.["sessionId"] };
}
