import { createClient } from "@convex-dev/better-auth";
import { convex } from "@convex-dev/better-auth/plugins";
import { betterAuth } from "better-auth/minimal";
import { componentsGeneric, queryGeneric } from "convex/server";
import authConfig from "./auth.config.js";
import { quickPasswords } from "./passwords.js";

export const authComponent = createClient(componentsGeneric().betterAuth);

export const createAuth = (ctx) =>
  betterAuth({
    baseURL: process.env.CONVEX_SITE_URL,
    trustedOrigins: [process.env.SITE_URL],
    telemetry: { enabled: false },
    database: authComponent.adapter(ctx),
    emailAndPassword: { enabled: true, password: quickPasswords },
    plugins: [convex({ authConfig })],
  });

export const me = queryGeneric({
  args: {},
  handler: (ctx) => authComponent.safeGetAuthUser(ctx),
});
