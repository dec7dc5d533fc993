/** Direct calls of the component, as an app makes them. */
import { componentsGeneric, mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

const call = { name: v.string(), args: v.any() };

export const read = queryGeneric({
  args: call,
  handler: (ctx, { name, args }) => ctx.runQuery(functionOf(name), args as never),
});

export const write = mutationGeneric({
  args: call,
  handler: (ctx, { name, args }) => ctx.runMutation(functionOf(name), args as never),
});

function functionOf(name: string): never {
  const component = componentsGeneric()["betterAuth"] as unknown as {
    adapter: Record<string, never>;
  };
  return component.adapter[name] as never;
}
