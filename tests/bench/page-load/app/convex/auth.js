/** The documented app on two origins, the same for both packages: `@gate` is the one that is measured. */
import { createClient } from "@gate";
import { convex, crossDomain } from "@gate/plugins";
import { betterAuth } from "better-auth/minimal";
import { componentsGeneric, queryGeneric } from "convex/server";
import authConfig from "./auth.config.js";

const siteUrl = process.env.SITE_URL;

export const authComponent = createClient(componentsGeneric().betterAuth);

export const createAuth = (ctx) =>
  betterAuth({
    baseURL: process.env.CONVEX_SITE_URL,
    trustedOrigins: [siteUrl],
    telemetry: { enabled: false },
    database: authComponent.adapter(ctx),
    emailAndPassword: {
      enabled: true,
      password: {
        hash: async (password) => password,
        verify: async ({ hash, password }) => hash === password,
      },
    },
    plugins: [crossDomain({ siteUrl }), convex({ authConfig })],
  });

export const me = queryGeneric({
  args: {},
  handler: async (ctx) => (await authComponent.getAuthUser(ctx)).email,
});
