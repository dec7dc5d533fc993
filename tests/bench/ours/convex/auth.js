import { createClient } from "convex-gate";
import { convex } from "convex-gate/plugins";
import { betterAuth } from "better-auth/minimal";
import { actionGeneric, componentsGeneric, queryGeneric } from "convex/server";
import authConfig from "./auth.config.js";
import { quickPasswords } from "./passwords.js";

export const authComponent = createClient(componentsGeneric().betterAuth);

export const createAuth = (ctx) =>
  betterAuth({
    trustedOrigins: [process.env.SITE_URL],
    telemetry: { enabled: false },
    database: authComponent.adapter(ctx),
    emailAndPassword: {
      enabled: true,
      password: process.env.REAL_PASSWORDS === undefined ? quickPasswords : undefined,
    },
    plugins: [convex({ authConfig })],
  });

/** What hashing takes in a context that has done nothing else with passwords; verifying, with a hash. */
export const timePassword = actionGeneric({
  handler: async (ctx, { password, hash }) => {
    const functions = (await createAuth(ctx).$context).password;
    if (password === undefined) return { ms: 0 };
    const startedAt = performance.now();
    const result =
      hash === undefined
        ? await functions.hash(password)
        : await functions.verify({ hash, password });
    return { ms: performance.now() - startedAt, result };
  },
});

export const me = queryGeneric({
  args: {},
  handler: (ctx) => authComponent.safeGetAuthUser(ctx),
});
