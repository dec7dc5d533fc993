import type { AuthConfig } from "convex/server";
import type { StoredKey } from "../../adapter/token-store.js";
import { isUnset } from "../../auth-config/keys.js";
import type { KeyAlgorithm } from "../../auth-config/keys.js";
import { GateError } from "../../errors/index.js";
import { checkAuthConfig } from "./auth-config-check.js";
import type { TokenProvider } from "./auth-config-check.js";
import type { DefinePayload } from "./claims.js";
import { checkClaimName } from "./claims.js";
import type { RingPolicy } from "./key-ring.js";
import { JWKS_MAX_AGE_S, PUBLISH_LEAD_MS } from "./key-set.js";
import { staticKeysOf } from "./static-keys.js";

/** Options of the `convex()` plugin. */
export interface ConvexOptions {
  /** The default export of `convex/auth.config.ts`. */
  readonly authConfig: AuthConfig;
  readonly jwt?: JwtOptions | undefined;
  /**
   * Static signing keys: the value of `STATIC_JWKS`, made by `npx convex-gate keys generate`.
   * undefined and the empty text mean that the keys are made by the plugin and kept, encrypted, in the
   * component.
   */
  readonly jwks?: string | undefined;
  /**
   * For how long a signed token may be handed out again. `ttlSeconds` counts from its signing;
   * false signs every time.
   * @default half the token's lifetime
   */
  readonly jwtCache?: { readonly ttlSeconds: number } | false | undefined;
  readonly keys?: KeyOptions | undefined;
}

/** What a token says and for how long. */
export interface JwtOptions {
  /**
   * Seconds; a token never outlives its session. Between 5 and 86400. Below 20 the app's `ConvexReactClient` needs
   * `authRefreshTokenLeewaySeconds`, well below this: its default is 10.
   * @default 900
   */
  readonly expirationSeconds?: number | undefined;
  /**
   * Fields of the user that become claims of the same name, for example `["email", "name"]`. Keep them small: browsers keep
   * cookies of 4,096 bytes with their name, and of a JWT that is larger (about 2.5 kB of claims) none is made, so that servers
   * that render ask the deployment for the token with each page. An `image` may be a whole picture.
   */
  readonly claims?: readonly string[] | undefined;
  /**
   * Further claims, or nothing. Reserved names throw `RESERVED_CLAIM`, and what JSON cannot hold
   * `INVALID_OPTION`. Keep them stable: Convex caches queries by them.
   */
  readonly definePayload?: DefinePayload | undefined;
}

/** How the plugin's own keys live. Without effect on static keys. */
export interface KeyOptions {
  /**
   * Age in seconds at which a key gets a successor; at least an hour. @default no rotation by age
   */
  readonly rotateEverySeconds?: number | undefined;
}

/** The plugin's options, checked and filled in. */
export interface Settings {
  /** Throws `ENV_MISSING` while `CONVEX_SITE_URL` is unset. */
  issuer(): string;
  /** Ours in `auth.config.ts`. Its members throw as {@link issuer} does. */
  readonly provider: TokenProvider;
  readonly alg: KeyAlgorithm;
  readonly lifetimeS: number;
  readonly claims: readonly string[];
  readonly definePayload: JwtOptions["definePayload"];
  /** undefined: half the token's own life. false: no cache. */
  readonly cacheTtlMs: number | false | undefined;
  readonly ring: RingPolicy;
  readonly staticKeys: readonly StoredKey[] | undefined;
  /** A finding about the configuration that is worth one line in the log. */
  readonly warning: string | undefined;
}

const DEFAULT_LIFETIME_S = 900;
/** Convex's client gives up on tokens of 2 s (convex 1.48), and a request needs time as well. */
const SHORTEST_LIFETIME_S = 5;
/**
 * Convex's client plans the next token 10 s before the end of this one, unless it is told otherwise: with a life near
 * that it would ask without a pause.
 */
const LEAST_WITHOUT_LEEWAY_S = 20;
const LONGEST_LIFETIME_S = 86_400;
/**
 * Keys stay published for at least an hour after their last use, so that a shortened lifetime
 * rejects no older token.
 */
const LEAST_RETIREMENT_MS = 3_600_000;
/** Convex accepts a token for 5 s after its end; one minute also covers clocks. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * Checks the options of `convex()`. Throws `INVALID_OPTION`, `AUTH_CONFIG_INVALID`,
 * `KEY_SET_INVALID` or `RESERVED_CLAIM`.
 */
export function resolveOptions(options: ConvexOptions): Settings {
  const { jwt = {}, jwtCache, keys = {} } = options;
  const lifetimeS = jwt.expirationSeconds ?? DEFAULT_LIFETIME_S;
  checkRange("jwt.expirationSeconds", lifetimeS, SHORTEST_LIFETIME_S, LONGEST_LIFETIME_S);
  if (jwtCache) checkRange("jwtCache.ttlSeconds", jwtCache.ttlSeconds, 0, lifetimeS);
  const rotate = keys.rotateEverySeconds;
  if (rotate !== undefined)
    checkRange("keys.rotateEverySeconds", rotate, 3600, Number.MAX_SAFE_INTEGER);
  for (const name of jwt.claims ?? []) checkClaimName(name, "claims");

  const staticKeys = isUnset(options.jwks) ? undefined : staticKeysOf(options.jwks);
  const { provider, warning } = checkAuthConfig(options.authConfig, staticKeys);
  return {
    issuer: () => provider.issuer,
    provider,
    alg: provider.algorithm,
    lifetimeS,
    claims: jwt.claims ?? [],
    definePayload: jwt.definePayload,
    cacheTtlMs: jwtCache ? jwtCache.ttlSeconds * 1000 : jwtCache,
    ring: {
      alg: provider.algorithm,
      setLifeMs: JWKS_MAX_AGE_S * 1000,
      publishLeadMs: PUBLISH_LEAD_MS,
      tokenLifeMs: Math.max(lifetimeS * 1000, LEAST_RETIREMENT_MS) + CLOCK_MARGIN_MS,
      rotateEveryMs: rotate === undefined ? undefined : rotate * 1000,
    },
    staticKeys,
    warning: warning ?? shortLifeWarning(lifetimeS),
  };
}

function shortLifeWarning(lifetimeS: number): string | undefined {
  if (lifetimeS >= LEAST_WITHOUT_LEEWAY_S) return undefined;
  return `[convex-gate] Tokens live for ${lifetimeS} s: give ConvexReactClient an authRefreshTokenLeewaySeconds well below that, or it asks for one token after the other.`;
}

function checkRange(option: string, value: number, least: number, most: number): void {
  if (typeof value === "number" && value >= least && value <= most) return;
  throw new GateError(
    "INVALID_OPTION",
    `convex(): ${option} must be a number of seconds between ${least} and ${most}.`,
    { meta: { option } },
  );
}
