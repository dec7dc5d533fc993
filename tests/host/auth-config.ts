/** `auth.config`: evaluated when it is pushed and when variables change. */
import { createRuntimeContext } from "./context.js";
import type { ModuleSet } from "./modules.js";

/** A provider of `auth.config`, of the `customJwt` kind or of the OpenID kind. */
export interface AuthProvider {
  type?: "customJwt";
  issuer?: string;
  domain?: string;
  jwks?: string;
  algorithm?: "RS256" | "ES256";
  applicationID?: string;
}

/** Evaluates `auth.config.js` with the given variables; reading one that is unset throws, as on Convex. */
export async function readAuthConfig(
  modules: ModuleSet,
  env: (name: string) => string | undefined,
): Promise<AuthProvider[]> {
  if (!modules.has("auth.config.js")) return [];
  const runtime = createRuntimeContext({
    kind: "config",
    file: "auth config file",
    env,
    envUnsetThrows: true,
    callTime: 0,
    onClockRead: () => undefined,
    log: () => undefined,
  });
  const { namespace } = await modules.evaluate("auth.config.js", runtime.context);
  const config = JSON.parse(JSON.stringify(namespace["default"])) as { providers?: AuthProvider[] };
  if (!Array.isArray(config.providers)) throw new Error("auth.config: `providers` must be a list");
  config.providers.forEach(checkProvider);
  return config.providers;
}

/** Refuses what a push would refuse. */
function checkProvider(provider: AuthProvider, index: number): void {
  const custom = provider.type === "customJwt";
  const confused = custom
    ? provider.domain !== undefined && "a customJwt so cannot have a 'domain' specified"
    : provider.issuer !== undefined && "oidc so cannot have an 'issuer' specified.";
  if (confused !== false) {
    throw new Error(
      `auth config file must include a list of provider credentials: Provider at index ${String(index)} is ${confused}`,
    );
  }
  const wanted = custom ? "issuer" : "domain";
  if (typeof provider[wanted] !== "string") {
    throw new Error(
      `auth.config: a ${custom ? "customJwt" : "OpenID"} provider needs \`${wanted}\``,
    );
  }
  if (!custom && typeof provider.applicationID !== "string") {
    throw new Error("auth.config: an OpenID provider needs `applicationID`");
  }
  if (custom && typeof provider.jwks !== "string")
    throw new Error("auth.config: a customJwt provider needs `jwks`");
  if (custom && provider.algorithm !== "RS256" && provider.algorithm !== "ES256") {
    throw new Error("auth.config: `algorithm` must be RS256 or ES256");
  }
  const known = ["type", "issuer", "domain", "jwks", "algorithm", "applicationID"];
  const unknown = Object.keys(provider).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Error(`auth.config: unknown key \`${unknown}\``);
}
