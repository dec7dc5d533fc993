/** Profiles: a table of the app's own, which `triggers.ts` keeps in step with Better Auth's users. */
import { query } from "./_generated/server";
import { authComponent } from "./auth";
import { profileOf } from "./triggers";

/** The signed-in user's own profile, or null. */
export const mine = query({
  args: {},
  handler: async (ctx) => {
    const user = await authComponent.safeGetAuthUser(ctx);
    return user && profileOf(ctx, user._id);
  },
});
