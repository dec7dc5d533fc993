/** The app that people from elsewhere come to: what they signed in with there is set up here. */
import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth/minimal";
import { genericOAuth, organization, twoFactor, username } from "better-auth/plugins";
import { componentsGeneric, queryGeneric } from "convex/server";
import type { GenericDataModel } from "convex/server";
import { createClient } from "convex-gate";
import type { GenericCtx } from "convex-gate";
import { convex } from "convex-gate/plugins";
import authConfig from "./auth.config.js";

export const authComponent = createClient<GenericDataModel>(componentsGeneric()["auth"] as never);

const variable = (name: string): string => process.env[name] ?? "";

export const createAuth = (ctx: GenericCtx) =>
  betterAuth({
    database: authComponent.adapter(ctx),
    trustedOrigins: () => [variable("SITE_URL")],
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true },
    user: {
      additionalFields: {
        plan: { type: "string", required: false },
        userId: { type: "string", required: false, input: false },
      },
    },
    plugins: [
      convex({ authConfig }),
      organization({ teams: { enabled: true } }),
      twoFactor(),
      username(),
      passkey({ rpID: "localhost", origin: variable("SITE_URL") }),
      genericOAuth({
        config: [
          {
            providerId: "loopback",
            discoveryUrl: `${variable("OIDC_ISSUER")}/.well-known/openid-configuration`,
            clientId: "app",
            clientSecret: "the secret of the app's client",
            scopes: ["openid", "email", "profile"],
          },
        ],
      }),
    ],
  });

export const me = queryGeneric({ args: {}, handler: (ctx) => authComponent.safeGetAuthUser(ctx) });

export const { importPage } = authComponent.importApi(createAuth);
