import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  // Kept in step with Better Auth's users by triggers.ts.
  profiles: defineTable({
    userId: v.string(),
    name: v.string(),
    image: v.union(v.string(), v.null()),
  }).index("by_userId", ["userId"]),
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
  // See fakeMail.ts; an app with a mail service has no such table.
  fakeMails: defineTable({
    to: v.string(),
    subject: v.string(),
    link: v.string(),
  }).index("by_to", ["to"]),
});
