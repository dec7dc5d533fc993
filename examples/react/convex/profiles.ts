/** Profiles: a table of the app's own, which `triggers.ts` keeps in step with Better Auth's users. */
import { query } from "./_generated/server";
import { authComponent } from "./auth";
import { profileOf } from "./triggers";

/** The signed-in user's own profile, or null. The field of the plugin `anonymous()` is typed, as `createClient` was told. */
export const mine = query({
  args: {},
  handler: async (ctx) => {
    const user = await authComponent.safeGetAuthUser(ctx);
    const profile = user && (await profileOf(ctx, user._id));
    return profile && { ...profile, isGuest: user.isAnonymous === true };
  },
});
