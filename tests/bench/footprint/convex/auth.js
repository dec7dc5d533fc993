import { createClient } from "convex-gate";
import { convex } from "convex-gate/plugins";
import { betterAuth } from "better-auth/minimal";
import { componentsGeneric } from "convex/server";
import authConfig from "./auth.config.js";
import { others } from "./others.js";

export const authComponent = createClient(componentsGeneric().betterAuth);

export const createAuth = (ctx) =>
  betterAuth({
    baseURL: process.env.CONVEX_SITE_URL,
    telemetry: { enabled: false },
    database: authComponent.adapter(ctx),
    emailAndPassword: { enabled: true },
    plugins: [...others(), convex({ authConfig })],
  });
