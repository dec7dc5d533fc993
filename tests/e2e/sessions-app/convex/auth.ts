import { betterAuth } from "better-auth/minimal";
import { admin } from "better-auth/plugins/admin";
import { actionGeneric, componentsGeneric, queryGeneric } from "convex/server";
import type { GenericDataModel } from "convex/server";
import { v } from "convex/values";
import { createClient } from "convex-gate";
import type { GenericCtx } from "convex-gate";
import { convex } from "convex-gate/plugins";
import authConfig from "./auth.config.js";
import { more } from "./more.js";

export const authComponent = createClient<GenericDataModel>(
  componentsGeneric()["betterAuth"] as never,
);

const variable = (name: string): string => process.env[name] ?? "";

export const createAuth = (ctx: GenericCtx) =>
  betterAuth({
    ...more,
    database: authComponent.adapter(ctx),
    trustedOrigins: () => [variable("SITE_URL")],
    telemetry: { enabled: false },
    // Every look at a session over HTTP is due to renew it.
    session: { updateAge: 0 },
    user: { deleteUser: { enabled: true } },
    // An hour, so that no machine is too slow for the tests of limits; on unless NODE_ENV says development.
    rateLimit: { customRules: { "/sign-in/email": { window: 3600, max: 5 } } },
    emailAndPassword: {
      enabled: true,
      password: {
        hash: async (password) => password,
        verify: async ({ hash, password }) => hash === password,
      },
    },
    plugins: [
      ...more.plugins,
      admin({ adminUserIds: [variable("ADMIN_ID")] }),
      convex({ authConfig, jwks: process.env["STATIC_JWKS"] }),
    ],
  });

/** What Better Auth itself says of the session, asked in a query. */
export const sessionInQuery = queryGeneric({
  args: {},
  handler: async (ctx) => {
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx);
    const found = await auth.api.getSession({ headers });
    return found && { email: found.user.email, expiresAt: found.session.expiresAt.getTime() };
  },
});

/** The same question as `sessions:me`, in a module that imports Better Auth. */
export const me = queryGeneric({ args: {}, handler: (ctx) => authComponent.safeGetAuthUser(ctx) });

export const rotateKeys = actionGeneric({
  args: { compromised: v.optional(v.boolean()) },
  handler: (ctx, args) => createAuth(ctx).api.rotateConvexKeys({ body: args }),
});

export const { importPage } = authComponent.importApi(createAuth);
