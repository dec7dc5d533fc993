import { createClient } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import { componentsGeneric, mutationGeneric, queryGeneric } from "convex/server";
import schema from "./betterAuth/schema";
import { authOptions } from "./options";

const component = componentsGeneric().betterAuth;

export const authComponent = createClient(component, { local: { schema } });

export const createAuth = (ctx) => betterAuth(authOptions(authComponent.adapter(ctx)));

/** What `npx convex export` would write of a table: its documents as they are. */
export const documents = queryGeneric({
  handler: async (ctx, { model }) => {
    const { page } = await ctx.runQuery(component.adapter.findMany, {
      model,
      where: [],
      paginationOpts: { cursor: null, numItems: 200 },
    });
    return page;
  },
});

/** Users of its first versions also carry the id that their row has in a table of the app. */
export const setUserId = mutationGeneric({
  handler: (ctx, { id, userId }) =>
    ctx.runMutation(component.adapter.updateOne, {
      input: { model: "user", where: [{ field: "_id", value: id }], update: { userId } },
    }),
});
