/** Endpoints as a server calls them, with what they give as JSON. */
import { actionGeneric } from "convex/server";
import { v } from "convex/values";
import { createAuth } from "./auth.js";

export const call = actionGeneric({
  args: { name: v.string(), body: v.any() },
  handler: async (ctx, { name, body }) => {
    const api = createAuth(ctx).api as unknown as Record<
      string,
      (call: { body: unknown }) => Promise<unknown>
    >;
    return JSON.parse(JSON.stringify((await api[name]?.({ body })) ?? null)) as unknown;
  },
});
