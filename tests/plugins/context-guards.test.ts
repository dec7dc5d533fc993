/** Code that `createAuth` shares between kinds of functions finds out where it runs. */
import { convexTest } from "convex-test";
import type {
  GenericActionCtx,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
} from "convex/server";
import {
  actionGeneric,
  defineSchema,
  makeFunctionReference,
  mutationGeneric,
  queryGeneric,
} from "convex/server";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as utils from "../../js/utils/index.js";
import type { GenericCtx } from "../../js/utils/index.js";
import { isGateError } from "../../js/errors/index.js";

const guards = ["Query", "Mutation", "Action", "RunMutation"] as const;

/** What every guard says of a ctx: `Query` when it is one, `-` when its `require` throws what it should. */
function verdicts(ctx: GenericCtx): string[] {
  return guards.map((name) => {
    const is = utils[`is${name}Ctx`](ctx);
    try {
      const same = utils[`require${name}Ctx`](ctx) === ctx;
      return is && same ? name : "disagree";
    } catch (error) {
      return !is && isGateError(error, "WRONG_CONTEXT") ? "-" : "disagree";
    }
  });
}

const functions = {
  query: queryGeneric({ args: {}, handler: verdicts }),
  mutation: mutationGeneric({ args: {}, handler: verdicts }),
  action: actionGeneric({ args: {}, handler: verdicts }),
};

describe("the guards of convex-gate/utils", () => {
  const t = convexTest({
    schema: defineSchema({}),
    modules: {
      "./_generated/api.ts": () => Promise.resolve({}),
      "./app.ts": () => Promise.resolve(functions),
    },
  });

  it("know every kind of function by its ctx", async () => {
    expect(await t.query(makeFunctionReference<"query">("app:query"), {})).toEqual([
      "Query",
      "-",
      "-",
      "-",
    ]);
    expect(await t.mutation(makeFunctionReference<"mutation">("app:mutation"), {})).toEqual([
      "Query",
      "Mutation",
      "-",
      "RunMutation",
    ]);
    expect(await t.action(makeFunctionReference<"action">("app:action"), {})).toEqual([
      "-",
      "-",
      "Action",
      "RunMutation",
    ]);
  });

  it("narrow the type", () => {
    type Ctx = GenericCtx;
    const narrowed = (ctx: Ctx) => {
      if (utils.isActionCtx(ctx)) expectTypeOf(ctx.runAction).toBeFunction();
      else expectTypeOf(ctx).toExtend<GenericQueryCtx<GenericDataModel>>();
      if (utils.isMutationCtx(ctx)) expectTypeOf(ctx.db.insert).toBeFunction();
      if (utils.isRunMutationCtx(ctx)) expectTypeOf(ctx.runMutation).toBeFunction();
    };
    expectTypeOf(narrowed).toBeFunction();
    expectTypeOf(utils.requireActionCtx<GenericDataModel>).returns.toEqualTypeOf<
      GenericActionCtx<GenericDataModel>
    >();
    expectTypeOf(utils.requireMutationCtx<GenericDataModel>).returns.toEqualTypeOf<
      GenericMutationCtx<GenericDataModel>
    >();
    expectTypeOf(utils.requireRunMutationCtx<GenericDataModel>).returns.toHaveProperty(
      "runMutation",
    );
  });
});
