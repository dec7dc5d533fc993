import { queryGeneric } from "convex/server";
import { v } from "convex/values";
import { createAuth } from "./auth.js";

/** The rows of a model that have this user, as Better Auth sees them. */
export const ofUser = queryGeneric({
  args: { model: v.string(), userId: v.string() },
  handler: async (ctx, { model, userId }) => {
    const { adapter } = await createAuth(ctx).$context;
    const rows = await adapter.findMany<Record<string, unknown>>({
      model,
      where: [{ field: model === "user" ? "id" : "userId", value: userId }],
    });
    return JSON.parse(JSON.stringify(rows)) as Record<string, unknown>[];
  },
});
