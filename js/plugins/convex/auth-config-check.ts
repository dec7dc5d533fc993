import type { AuthContext } from "better-auth";
import type { AuthConfig } from "convex/server";
import type { StoredKey } from "../../adapter/token-store.js";
import { basePathOption, normalizeBasePath } from "../../auth-config/base-path.js";
import { readEnv } from "../../auth-config/env.js";
import { APPLICATION_ID } from "../../auth-config/application-id.js";
import type { KeyAlgorithm } from "../../auth-config/keys.js";
import { GateError } from "../../errors/index.js";

/** The provider of `auth.config.ts` that our tokens are made for. */
export interface TokenProvider {
  readonly issuer: string;
  readonly jwks: string;
  readonly algorithm: KeyAlgorithm;
}

/**
 * Finds our provider in the app's auth config and checks that it fits the plugin's keys. Throws
 * `AUTH_CONFIG_INVALID` with the remedy: a token that Convex will refuse is better refused where it
 * is configured.
 */
export function checkAuthConfig(
  authConfig: AuthConfig,
  staticKeys: readonly StoredKey[] | undefined,
): { provider: TokenProvider; warning: string | undefined } {
  const providers: unknown = authConfig?.providers;
  if (!Array.isArray(providers))
    throw invalid("pass the default export of convex/auth.config.ts: convex({ authConfig })");
  const ofApplication = providers.filter((provider) => provider?.applicationID === APPLICATION_ID);
  // One of another issuer, as Clerk's, may stand beside ours: Convex finds a token's provider by both.
  const ours = ofApplication.length > 1 ? ofApplication.filter(isOfThisDeployment) : ofApplication;
  if (ours.length === 0)
    throw invalid(
      `auth.config.ts has no provider with applicationID "${APPLICATION_ID}"; use providers: [getAuthConfigProvider()]`,
    );
  if (ours.length > 1)
    throw invalid(
      `auth.config.ts has ${ours.length} providers with applicationID "${APPLICATION_ID}" for this deployment, of which Convex uses one; keep one`,
    );
  const provider: TokenProvider & { type?: unknown } = ours[0];
  if (provider.type !== "customJwt")
    throw invalid('the provider must be of type "customJwt"; use getAuthConfigProvider()');
  if (provider.algorithm !== "RS256" && provider.algorithm !== "ES256")
    throw invalid('the provider\'s algorithm must be "RS256" or "ES256"');
  return { provider, warning: checkKeys(provider, staticKeys) };
}

/** False for a provider whose issuer is known to be another. Convex itself writes a `domain` with or without its protocol. */
function isOfThisDeployment(provider: { issuer?: unknown; domain?: unknown }): boolean {
  const site = readEnv("CONVEX_SITE_URL");
  if (site === undefined) return true;
  const issuer = provider.issuer ?? provider.domain;
  return typeof issuer !== "string" || hostOf(issuer) === hostOf(site);
}

function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, "").replace(/\/$/, "");
}

/** Static keys must be on both sides. Returns a warning where tokens work all the same. */
function checkKeys(
  provider: TokenProvider,
  staticKeys: readonly StoredKey[] | undefined,
): string | undefined {
  const published = dataUriKeyIds(jwksOf(provider));
  if (!staticKeys) {
    if (published)
      throw invalid(
        "auth.config.ts has static keys but convex() has none, so Convex would refuse every token; pass convex({ authConfig, " +
          "jwks: process.env.STATIC_JWKS })",
      );
    return undefined;
  }
  const signing = staticKeys.filter((key) => key.alg === provider.algorithm);
  if (signing.length === 0)
    throw invalid(
      `convex({ jwks }) holds no ${provider.algorithm} key, but the provider asks for ${provider.algorithm}; pass ` +
        "getAuthConfigProvider({ algorithm }) the algorithm of the keys",
    );
  if (!published)
    return (
      "[convex-gate] convex() has static keys but auth.config.ts fetches them from the deployment. Pass " +
      "getAuthConfigProvider({ jwks: process.env.STATIC_JWKS }) too, so that Convex verifies tokens without a request."
    );
  const missing = signing.filter((key) => !published.includes(key.id)).map((key) => key.id);
  if (missing.length > 0)
    throw invalid(
      `auth.config.ts does not know the static key${missing.length > 1 ? "s" : ""} ${missing.join(", ")} of convex({ jwks }); ` +
        "give both the same STATIC_JWKS",
    );
  return undefined;
}

/**
 * Keys that Convex fetches from this deployment must be asked for where Better Auth lives: under the path of its base URL,
 * or its `basePath` (Better Auth 1.7 takes the former when there is one). Throws `AUTH_CONFIG_INVALID`, because Convex
 * would otherwise find no key and refuse every token.
 */
export function checkJwksPath(
  provider: TokenProvider,
  { baseURL, options }: Pick<AuthContext, "baseURL" | "options">,
): void {
  const site = readEnv("CONVEX_SITE_URL")?.replace(/\/+$/, "");
  const jwks = jwksOf(provider);
  if (site === undefined || !jwks?.startsWith(`${site}/`)) return;
  const basePath = normalizeBasePath(baseURL === "" ? options.basePath : new URL(baseURL).pathname);
  if (jwks === `${site}${basePath}/convex/jwks`) return;
  throw invalid(
    `Convex would look for the keys at ${jwks}, but Better Auth lives under "${basePathOption(basePath)}"; use ` +
      `getAuthConfigProvider({ basePath: "${basePathOption(basePath)}" }) in auth.config.ts`,
  );
}

/**
 * The provider's `jwks`, or undefined while its URL cannot be told for want of `CONVEX_SITE_URL`.
 */
function jwksOf(provider: TokenProvider): string | undefined {
  try {
    return provider.jwks;
  } catch {
    return undefined;
  }
}

/** The key ids of a key set in a `data:` URI; undefined for anything else. */
function dataUriKeyIds(jwks: string | undefined): string[] | undefined {
  const match = /^data:([^,]*),(.*)$/s.exec(jwks ?? "");
  if (!match) return undefined;
  try {
    const text = match[1]?.endsWith(";base64")
      ? atob(match[2] ?? "")
      : decodeURIComponent(match[2] ?? "");
    const set: unknown = JSON.parse(text);
    const keys: unknown = typeof set === "object" && set !== null && "keys" in set ? set.keys : [];
    return Array.isArray(keys) ? keys.map((key) => String(key?.kid)) : [];
  } catch {
    throw invalid(
      "the data: URI of its jwks holds no key set; use getAuthConfigProvider({ jwks })",
    );
  }
}

function invalid(problem: string): GateError {
  return new GateError("AUTH_CONFIG_INVALID", `convex({ authConfig }): ${problem}.`);
}
