/** A to-do list that belongs to the signed-in user. */
import { ConvexError, v } from "convex/values";
import type { Doc, Id } from "./_generated/dataModel";
import type { MutationCtx } from "./_generated/server";
import { mutation, query } from "./_generated/server";
import { authComponent } from "./auth";

const MAX_TEXT = 500;

export const list = query({
  args: {},
  handler: async (ctx) => {
    const user = await authComponent.getAuthUser(ctx);
    const todos = await ctx.db
      .query("todos")
      .withIndex("by_userId", (q) => q.eq("userId", user._id))
      .collect();
    return todos.map(({ _id, text, done }) => ({ _id, text, done }));
  },
});

export const add = mutation({
  args: { text: v.string() },
  handler: async (ctx, { text }) => {
    const user = await authComponent.getAuthUser(ctx);
    return ctx.db.insert("todos", { userId: user._id, text: checkedText(text), done: false });
  },
});

export const toggle = mutation({
  args: { id: v.id("todos") },
  handler: async (ctx, { id }) => {
    const todo = await ownTodo(ctx, id);
    await ctx.db.patch("todos", id, { done: !todo.done });
  },
});

export const remove = mutation({
  args: { id: v.id("todos") },
  handler: async (ctx, { id }) => {
    await ownTodo(ctx, id);
    await ctx.db.delete("todos", id);
  },
});

/** Somebody else's to-do looks exactly like one that does not exist. */
async function ownTodo(ctx: MutationCtx, id: Id<"todos">): Promise<Doc<"todos">> {
  const user = await authComponent.getAuthUser(ctx);
  const todo = await ctx.db.get("todos", id);
  if (!todo || todo.userId !== user._id) throw new ConvexError("This to-do does not exist.");
  return todo;
}

/** The text as it is stored. */
export function checkedText(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== "" && trimmed.length <= MAX_TEXT) return trimmed;
  throw new ConvexError(`A to-do has between 1 and ${String(MAX_TEXT)} characters.`);
}
