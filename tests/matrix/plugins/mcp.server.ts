import { mcp } from "@better-auth/mcp";
import { jwt } from "better-auth/plugins";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  mcp: {
    plugins: (env) => [
      jwt(),
      asPlugin(
        mcp({
          loginPage: "/login",
          consentPage: "/consent",
          resource: `${env("CONVEX_SITE_URL")}/mcp`,
          allowDynamicClientRegistration: true,
          allowUnauthenticatedClientRegistration: true,
        }),
      ),
    ],
  },
};
