import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

/** What apps have: rows of their own that hold users' ids. */
export default defineSchema({
  notes: defineTable({ owner: v.string(), text: v.string() }).index("owner", ["owner"]),
});
