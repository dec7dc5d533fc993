/** One component call each, and one function that calls nothing: what the host itself costs. */
import { actionGeneric, componentsGeneric, mutationGeneric, queryGeneric } from "convex/server";

const { adapter } = componentsGeneric().betterAuth;
const eq = (field, value) => [{ field, value, operator: "eq" }];

export const nothing = queryGeneric({ args: {}, handler: () => null });

const { functions } = componentsGeneric().empty;
export const empty = queryGeneric({
  args: {},
  handler: (ctx) => ctx.runQuery(functions.nothing, {}),
});

export const findOne = queryGeneric({
  handler: (ctx, { email }) =>
    ctx.runQuery(adapter.findOne, { model: "user", where: eq("email", email) }),
});

export const sessionWithUser = queryGeneric({
  handler: (ctx, { token }) =>
    ctx.runQuery(adapter.findOne, {
      model: "session",
      where: eq("token", token),
      join: [
        { as: "user", table: "user", from: "userId", to: "id", relation: "one-to-one", limit: 1 },
      ],
    }),
});

export const listSessions = queryGeneric({
  handler: (ctx, { userId }) =>
    ctx.runQuery(adapter.findMany, { model: "session", where: eq("userId", userId), limit: 100 }),
});

export const count = queryGeneric({
  handler: (ctx) => ctx.runQuery(adapter.count, { model: "user", where: [] }),
});

export const create = mutationGeneric({
  handler: (ctx, { data }) => ctx.runMutation(adapter.create, { model: "user", data }),
});

/** Rows for the others to look among. */
export const fill = actionGeneric({
  handler: async (ctx, { users, sessions }) => {
    let first;
    for (const data of users) {
      const user = await ctx.runMutation(adapter.create, { model: "user", data });
      first ??= user;
    }
    for (const data of sessions)
      await ctx.runMutation(adapter.create, {
        model: "session",
        data: { ...data, userId: first.id },
      });
    return first.id;
  },
});
