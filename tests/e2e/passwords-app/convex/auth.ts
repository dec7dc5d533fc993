import { betterAuth } from "better-auth/minimal";
import { componentsGeneric, mutationGeneric } from "convex/server";
import type { GenericDataModel } from "convex/server";
import { v } from "convex/values";
import { createClient } from "convex-gate";
import type { GenericCtx } from "convex-gate";
import { convex } from "convex-gate/plugins";
import authConfig from "./auth.config.js";

export const authComponent = createClient<GenericDataModel>(
  componentsGeneric()["betterAuth"] as never,
);

export const createAuth = (ctx: GenericCtx) =>
  betterAuth({
    database: authComponent.adapter(ctx),
    trustedOrigins: () => [process.env["SITE_URL"] ?? ""],
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true },
    plugins: [convex({ authConfig })],
  });

/** Convex refuses dynamic imports in a mutation. */
export const signUp = mutationGeneric({
  args: { email: v.string(), password: v.string() },
  handler: async (ctx, { email, password }) => {
    const { user } = await createAuth(ctx).api.signUpEmail({
      body: { email, password, name: "By mutation" },
    });
    return user.id;
  },
});
