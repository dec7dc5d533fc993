/** Fields that the schema declares `returned: false` stay inside, whichever way a user is read. */
import {
  actionGeneric,
  componentsGeneric,
  makeFunctionReference,
  queryGeneric,
} from "convex/server";
import type { GenericDataModel } from "convex/server";
import { v } from "convex/values";
import { betterAuth } from "better-auth/minimal";
import { expect, it } from "vitest";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { createClient } from "../../js/server/index.js";
import type { GenericCtx } from "../../js/server/index.js";
import { functionsApp } from "./support/functions-app.js";

const client = createClient<GenericDataModel>(
  componentsGeneric()["betterAuth"] as unknown as ComponentApi,
);

const authOf = (ctx: GenericCtx<GenericDataModel>) =>
  betterAuth({
    baseURL: "https://happy-animal-1.convex.site",
    secret: "a-secret-of-the-tests-with-enough-length-0001",
    database: client.adapter(ctx),
    user: {
      additionalFields: {
        badge: { type: "string", required: false },
        pin: { type: "string", required: false, returned: false, fieldName: "pin_code" },
      },
    },
  });

const functions = {
  make: actionGeneric({
    args: {},
    handler: async (ctx) => {
      const { internalAdapter } = await authOf(ctx).$context;
      const user = { email: "ada@example.com", name: "Ada", badge: "7", pin: "1234" };
      return (await internalAdapter.createUser(user, { method: "test" })).id;
    },
  }),
  change: actionGeneric({
    args: { id: v.string() },
    handler: async (ctx, { id }) => {
      const { internalAdapter } = await authOf(ctx).$context;
      await internalAdapter.updateUser(id, { pin: "5678" });
      return null;
    },
  }),
  byId: queryGeneric({
    args: { id: v.string() },
    handler: (ctx, { id }) => client.getAnyUserById(ctx, id),
  }),
};

it("a hidden field and its list are in the row, and in no user that leaves the library", async () => {
  const t = functionsApp(functions);
  const id = (await t.action(makeFunctionReference<"action">("app:make"), {})) as string;
  for (const pin of ["1234", "5678"]) {
    if (pin === "5678") await t.action(makeFunctionReference<"action">("app:change"), { id });
    const user = (await t.query(makeFunctionReference<"query">("app:byId"), { id })) as object;
    expect(user).toMatchObject({ email: "ada@example.com", badge: "7" });
    expect(Object.keys(user).filter((name) => /pin|hidden/i.test(name))).toEqual([]);
    expect(JSON.stringify(user)).not.toContain(pin);
  }
});
