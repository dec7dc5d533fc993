import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth/minimal";
import type { BetterAuthOptions } from "better-auth/minimal";
import { anonymous } from "better-auth/plugins/anonymous";
import { organization } from "better-auth/plugins/organization";
import { twoFactor } from "better-auth/plugins/two-factor";
import { createClient } from "convex-gate";
import type { GenericCtx, TriggerFunctions } from "convex-gate";
import { convex, crossDomain } from "convex-gate/plugins";
import { components, internal } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import { query } from "./_generated/server";
import authConfig from "./auth.config";
import { isFakeMailOn, sendFakeMail } from "./fakeMail";
import { keepTodos } from "./guests";
import { isOneOrigin } from "./origins";
import { triggers } from "./triggers";

const siteUrl = process.env.SITE_URL!;

const functions: TriggerFunctions = internal.auth;

export const authComponent = createClient<DataModel, typeof createAuthOptions>(
  components.betterAuth,
  {
    triggers,
    functions,
  },
);

export const { writeWithTriggers } = authComponent.triggersApi();

export const createAuthOptions = (ctx: GenericCtx<DataModel>) =>
  ({
    appName: "To-do",
    trustedOrigins: [siteUrl],
    database: authComponent.adapter(ctx),
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: false,
      // Whoever knew the old password is signed out.
      revokeSessionsOnPasswordReset: true,
      ...(isFakeMailOn && {
        sendResetPassword: ({ user, url }) =>
          sendFakeMail(ctx, { to: user.email, subject: "Reset your password", link: url }),
      }),
    },
    plugins: [
      anonymous({
        generateName: () => "Guest",
        onLinkAccount: ({ anonymousUser, newUser }) =>
          keepTodos(ctx, anonymousUser.user.id, newUser.user.id),
      }),
      twoFactor(),
      // A passkey belongs to the page that asks for it, not to the API.
      passkey({ rpID: new URL(siteUrl).hostname, rpName: "To-do", origin: siteUrl }),
      organization(),
      ...(isOneOrigin ? [] : [crossDomain({ siteUrl })]),
      convex({ authConfig }),
    ],
    account: {
      accountLinking: { enabled: true },
    },
  }) satisfies BetterAuthOptions;

export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(createAuthOptions(ctx));

export const { sessionState } = authComponent.clientApi();

export const getCurrentUser = query({
  args: {},
  handler: (ctx) => authComponent.safeGetAuthUser(ctx),
});
