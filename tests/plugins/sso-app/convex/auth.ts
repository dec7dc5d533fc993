import type { BetterAuthPlugin } from "better-auth";
import { betterAuth } from "better-auth/minimal";
import { componentsGeneric } from "convex/server";
import { createClient } from "convex-gate";
import type { GenericCtx } from "convex-gate";
import { convex } from "convex-gate/plugins";
import authConfig from "./auth.config.js";

export const authComponent = createClient(componentsGeneric()["betterAuth"] as never);

const variable = (name: string): string => process.env[name] ?? "";

/** `inNode` is what only Node can run. */
export const createAuth = (ctx: GenericCtx, inNode: BetterAuthPlugin[] = []) =>
  betterAuth({
    database: authComponent.adapter(ctx),
    baseURL: variable("CONVEX_SITE_URL"),
    secret: variable("BETTER_AUTH_SECRET"),
    trustedOrigins: [variable("SSO_ISSUER")],
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true },
    plugins: [...inNode, convex({ authConfig })],
  });
