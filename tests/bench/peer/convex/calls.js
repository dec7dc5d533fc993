/** One component call each, and one function that calls nothing: what the host itself costs. */
import { actionGeneric, componentsGeneric, mutationGeneric, queryGeneric } from "convex/server";

const { adapter } = componentsGeneric().betterAuth;
const eq = (field, value) => [{ field, value, operator: "eq" }];
const page = (numItems) => ({ paginationOpts: { cursor: null, numItems } });

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

/** The peer joins nothing: Better Auth reads the two rows one after the other. */
export const sessionWithUser = queryGeneric({
  handler: async (ctx, { token }) => {
    const session = await ctx.runQuery(adapter.findOne, {
      model: "session",
      where: eq("token", token),
    });
    const user = await ctx.runQuery(adapter.findOne, {
      model: "user",
      where: eq("_id", session.userId),
    });
    return { session, user };
  },
});

export const listSessions = queryGeneric({
  handler: (ctx, { userId }) =>
    ctx.runQuery(adapter.findMany, {
      model: "session",
      where: eq("userId", userId),
      ...page(100),
    }),
});

/** It has no count of its own: Better Auth counts the rows that it is given. */
export const count = queryGeneric({
  handler: async (ctx) =>
    (await ctx.runQuery(adapter.findMany, { model: "user", where: [], ...page(200) })).page.length,
});

export const create = mutationGeneric({
  handler: (ctx, { data }) => ctx.runMutation(adapter.create, { input: { model: "user", data } }),
});

/** Rows for the others to look among. */
export const fill = actionGeneric({
  handler: async (ctx, { users, sessions }) => {
    let first;
    for (const data of users) {
      const user = await ctx.runMutation(adapter.create, { input: { model: "user", data } });
      first ??= user;
    }
    for (const data of sessions)
      await ctx.runMutation(adapter.create, {
        input: { model: "session", data: { ...data, userId: first._id } },
      });
    return first._id;
  },
});
