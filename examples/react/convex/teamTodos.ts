/** To-do lists that the members of an organization share. */
import { ConvexError, v } from "convex/values";
import { mutation, query } from "./_generated/server";
import { requireMember } from "./team";
import { checkedText } from "./todos";

export const list = query({
  args: { organizationId: v.string() },
  handler: async (ctx, { organizationId }) => {
    await requireMember(ctx, organizationId);
    const todos = await ctx.db
      .query("teamTodos")
      .withIndex("by_organizationId", (q) => q.eq("organizationId", organizationId))
      .collect();
    return todos.map(({ _id, text, done }) => ({ _id, text, done }));
  },
});

export const add = mutation({
  args: { organizationId: v.string(), text: v.string() },
  handler: async (ctx, { organizationId, text }) => {
    await requireMember(ctx, organizationId);
    return ctx.db.insert("teamTodos", { organizationId, text: checkedText(text), done: false });
  },
});

export const toggle = mutation({
  args: { id: v.id("teamTodos") },
  handler: async (ctx, { id }) => {
    const todo = await ctx.db.get("teamTodos", id);
    if (!todo) throw new ConvexError("This to-do does not exist.");
    await requireMember(ctx, todo.organizationId);
    await ctx.db.patch("teamTodos", id, { done: !todo.done });
  },
});

export const remove = mutation({
  args: { id: v.id("teamTodos") },
  handler: async (ctx, { id }) => {
    const todo = await ctx.db.get("teamTodos", id);
    if (!todo) throw new ConvexError("This to-do does not exist.");
    await requireMember(ctx, todo.organizationId);
    await ctx.db.delete("teamTodos", id);
  },
});
