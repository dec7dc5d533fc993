import { jwt } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  jwt: { plugins: () => [jwt()] },
  "jwt:options": {
    plugins: () => [
      jwt({
        // A key set of its own: the deployment has one of the other algorithm already.
        schema: { jwks: { modelName: "serviceKeys" } },
        jwks: { keyPairConfig: { alg: "ES256" }, jwksPath: "/.well-known/jwks.json" },
        jwt: {
          issuer: "https://app.example.com",
          audience: "the app's own services",
          definePayload: ({ user }) => ({ mail: user.email }),
        },
      }),
    ],
  },
};
