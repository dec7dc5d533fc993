import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  todos: defineTable({
    userId: v.string(),
    text: v.string(),
    done: v.boolean(),
  }).index("by_userId", ["userId"]),
  teamTodos: defineTable({
    organizationId: v.string(),
    text: v.string(),
    done: v.boolean(),
  }).index("by_organizationId", ["organizationId"]),
});
