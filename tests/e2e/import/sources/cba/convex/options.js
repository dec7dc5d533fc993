/** An app with what people use: passwords, a provider, a second factor, passkeys, organizations, a field of its own. */
import { passkey } from "@better-auth/passkey";
import { convex } from "@convex-dev/better-auth/plugins";
import { genericOAuth, organization, twoFactor } from "better-auth/plugins";
import authConfig from "./auth.config.js";

const DAY = 24 * 60 * 60;

export const authOptions = (database) => ({
  baseURL: process.env.CONVEX_SITE_URL,
  trustedOrigins: [process.env.SITE_URL ?? ""],
  telemetry: { enabled: false },
  database,
  emailAndPassword: { enabled: true },
  account: { accountLinking: { enabled: true, trustedProviders: ["loopback"] } },
  user: { additionalFields: { plan: { type: "string", required: false } } },
  plugins: [
    convex({ authConfig }),
    organization({
      teams: { enabled: true },
      // The invitation of the fixture is to be open whenever the tests run.
      invitationExpiresIn: 40 * 365 * DAY,
      sendInvitationEmail: async () => undefined,
    }),
    twoFactor(),
    passkey({ rpID: "localhost", origin: process.env.SITE_URL }),
    genericOAuth({
      config: [
        {
          providerId: "loopback",
          discoveryUrl: `${process.env.OIDC_ISSUER}/.well-known/openid-configuration`,
          clientId: "fixture",
          clientSecret: "the secret of the fixture's client",
          scopes: ["openid", "email", "profile"],
        },
      ],
    }),
  ],
});
