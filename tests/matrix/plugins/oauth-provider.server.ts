import { oauthProvider } from "@better-auth/oauth-provider";
import { jwt } from "better-auth/plugins";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "oauth-provider": {
    plugins: () => [
      jwt(),
      asPlugin(
        oauthProvider({
          loginPage: "/login",
          consentPage: "/consent",
          allowDynamicClientRegistration: true,
        }),
      ),
    ],
  },
};
