import { expo } from "@better-auth/expo";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  expo: {
    plugins: () => [asPlugin(expo())],
    options: () => ({
      trustedOrigins: ["myapp://"],
      emailVerification: {
        autoSignInAfterVerification: true,
        sendVerificationEmail: () => Promise.resolve(),
      },
    }),
  },
};
