import { genericOAuth } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "generic-oauth": {
    plugins: (env) => [
      genericOAuth({
        config: [
          {
            providerId: "loopback",
            discoveryUrl: `${env("OIDC_ISSUER")}/.well-known/openid-configuration`,
            clientId: "matrix",
            clientSecret: "the secret of the matrix client",
            scopes: ["openid", "email", "profile"],
            pkce: true,
          },
        ],
      }),
    ],
    options: () => ({
      account: { accountLinking: { enabled: true, trustedProviders: ["loopback"] } },
    }),
  },
};
