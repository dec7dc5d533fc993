/** What a guest made stays when the guest gets an account, which is another user. */
import type { GenericCtx } from "convex-gate";
import { v } from "convex/values";
import { internal } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import { internalMutation } from "./_generated/server";

/** Gives a guest's to-dos to the account. */
export async function keepTodos(
  ctx: GenericCtx<DataModel>,
  guestId: string,
  userId: string,
): Promise<void> {
  // Better Auth also runs in queries; signing up is an HTTP action, which can run mutations.
  if ("runMutation" in ctx) await ctx.runMutation(internal.guests.moveTodos, { guestId, userId });
}

export const moveTodos = internalMutation({
  args: { guestId: v.string(), userId: v.string() },
  returns: v.null(),
  handler: async (ctx, { guestId, userId }) => {
    const todos = ctx.db.query("todos").withIndex("by_userId", (q) => q.eq("userId", guestId));
    for await (const { _id } of todos) await ctx.db.patch("todos", _id, { userId });
    return null;
  },
});
