import { cimd } from "@better-auth/cimd";
import { oauthProvider } from "@better-auth/oauth-provider";
import { jwt } from "better-auth/plugins";
import { asPlugin } from "../support/as-plugin.js";
import type { Environment, ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  cimd: {
    plugins: (env) => [
      jwt(),
      asPlugin(oauthProvider({ loginPage: "/login", consentPage: "/consent" })),
      asPlugin(cimd({ fetchClientMetadataResource: transport(env) })),
    ],
  },
};

/** Client ids are public https addresses, of which the matrix has none: their documents come from the loopback. */
function transport(env: Environment): (input: RequestInfo | URL) => Promise<Response> {
  return (input) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return fetch(`${env("CIMD_URL")}${pathname}`);
  };
}
