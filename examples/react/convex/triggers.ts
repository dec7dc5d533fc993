/** What the app does when Better Auth's users come, change and go, in the same transaction: it keeps their profiles. */
import type { Triggers } from "convex-gate";
import type { DataModel, Doc } from "./_generated/dataModel";
import type { QueryCtx } from "./_generated/server";

export const triggers: Triggers<DataModel> = {
  user: {
    async created(ctx, { doc: { id, name, image } }) {
      await ctx.db.insert("profiles", { userId: id, name, image });
    },
    async updated(ctx, { doc: { id, name, image } }) {
      const profile = await profileOf(ctx, id);
      // Users who signed up before there were profiles get theirs now.
      if (profile) await ctx.db.patch("profiles", profile._id, { name, image });
      else await ctx.db.insert("profiles", { userId: id, name, image });
    },
    async deleted(ctx, { doc }) {
      const profile = await profileOf(ctx, doc.id);
      if (profile) await ctx.db.delete("profiles", profile._id);
    },
  },
};

export function profileOf(ctx: QueryCtx, userId: string): Promise<Doc<"profiles"> | null> {
  return ctx.db
    .query("profiles")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .unique();
}
