/** The endpoints of `sso()` (`@better-auth/sso` 1.7), of which this side knows no more than where they are. */
import type { BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { GateError } from "../../errors/index.js";

type Method = "GET" | "POST";

const ENDPOINTS: readonly (readonly [name: string, path: string, ...methods: Method[]])[] = [
  ["spMetadata", "/sso/saml2/sp/metadata", "GET"],
  ["registerSSOProvider", "/sso/register", "POST"],
  ["signInSSO", "/sign-in/sso", "POST"],
  ["callbackSSO", "/sso/callback/:providerId", "GET"],
  ["callbackSSOShared", "/sso/callback", "GET"],
  ["acsEndpoint", "/sso/saml2/sp/acs/:providerId", "GET", "POST"],
  ["sloEndpoint", "/sso/saml2/sp/slo/:providerId", "GET", "POST"],
  ["initiateSLO", "/sso/saml2/logout/:providerId", "POST"],
  ["listSSOProviders", "/sso/providers", "GET"],
  ["getSSOProvider", "/sso/get-provider", "GET"],
  ["updateSSOProvider", "/sso/update-provider", "POST"],
  ["deleteSSOProvider", "/sso/delete-provider", "POST"],
];

const OF_DOMAINS: typeof ENDPOINTS = [
  ["requestDomainVerification", "/sso/request-domain-verification", "POST"],
  ["verifyDomain", "/sso/verify-domain", "POST"],
];

/** Those that an instance declares: `crossDomain()` brings home what browsers open at one of them, and nothing else. */
export function ssoEndpoints(withDomains: boolean): NonNullable<BetterAuthPlugin["endpoints"]> {
  const declared = [...ENDPOINTS, ...(withDomains ? OF_DOMAINS : [])];
  return Object.fromEntries(
    declared.map(([name, path, ...method]) => [
      name,
      createAuthEndpoint(path, { method }, () => elsewhere(name)),
    ]),
  );
}

/** Requests never come this far. */
function elsewhere(name: string): never {
  throw new GateError(
    "WRONG_CONTEXT",
    `auth.api.${name} runs in Node only: call it in a module that says "use node", of the instance with sso().`,
    { meta: { needs: "Node" } },
  );
}
