import { mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";
import { authComponent } from "./auth.js";

export const add = mutationGeneric({
  args: { owner: v.string(), text: v.string() },
  handler: (ctx, note) => ctx.db.insert("notes", note),
});

/** The notes of whoever is signed in, found by the id that the app has kept. */
export const mine = queryGeneric({
  args: {},
  handler: async (ctx) => {
    const user = await authComponent.getAuthUser(ctx);
    const notes = await ctx.db
      .query("notes")
      .withIndex("owner", (q) => q.eq("owner" as never, user._id as never))
      .collect();
    return notes.map(({ text }) => text as string);
  },
});
