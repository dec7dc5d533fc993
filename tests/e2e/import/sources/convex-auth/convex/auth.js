import { Anonymous } from "@convex-dev/auth/providers/Anonymous";
import { Password } from "@convex-dev/auth/providers/Password";
import { convexAuth } from "@convex-dev/auth/server";
import { mutationGeneric, queryGeneric } from "convex/server";

const PROFILE = (params) => ({ email: params.email, name: params.name });

export const { auth, signIn, signOut, store, isAuthenticated } = convexAuth({
  providers: [Password({ profile: PROFILE }), Anonymous],
});

/** What `npx convex export` would write of a table. */
export const documents = queryGeneric({
  handler: (ctx, { table }) => ctx.db.query(table).collect(),
});

/** What the provider's callback writes for somebody who signs in there: there is no GitHub here. */
export const signInWithGitHub = mutationGeneric({
  handler: async (ctx, { providerAccountId, ...user }) => {
    const userId = await ctx.db.insert("users", user);
    await ctx.db.insert("authAccounts", { userId, provider: "github", providerAccountId });
    return userId;
  },
});
