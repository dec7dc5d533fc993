import { actionGeneric, componentsGeneric, mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";
import { createSessionClient } from "convex-gate/session";

const sessions = createSessionClient(componentsGeneric()["betterAuth"] as never);
const one = { sessionId: v.string() };
const all = { userId: v.string() };

export const me = queryGeneric({ args: {}, handler: (ctx) => sessions.safeGetAuthUser(ctx) });
export const revokeInMutation = mutationGeneric({
  args: one,
  handler: (ctx, { sessionId }) => sessions.revokeSession(ctx, sessionId),
});
export const revokeInAction = actionGeneric({
  args: one,
  handler: (ctx, { sessionId }) => sessions.revokeSession(ctx, sessionId),
});
export const revokeAllInMutation = mutationGeneric({
  args: all,
  handler: (ctx, { userId }) => sessions.revokeUserSessions(ctx, userId),
});
export const revokeAllInAction = actionGeneric({
  args: all,
  handler: (ctx, { userId }) => sessions.revokeUserSessions(ctx, userId),
});
