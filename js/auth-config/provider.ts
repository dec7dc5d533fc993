import { GateError } from "../errors/index.js";
import { APPLICATION_ID } from "./application-id.js";
import { normalizeBasePath } from "./base-path.js";
import { readEnv } from "./env.js";
import { createPublicJwks, isUnset, parseJwks } from "./keys.js";
import type { JwksDoc, KeyAlgorithm } from "./keys.js";

/** Options of {@link getAuthConfigProvider}. */
export interface AuthConfigProviderOptions {
  /** The path under which Better Auth is mounted. @default "/api/auth" */
  readonly basePath?: string | undefined;
  /**
   * Static keys: the value of `STATIC_JWKS`, or the keys themselves. With them Convex verifies
   * tokens without a network request. undefined and the empty text mean "not static yet": Convex
   * fetches the key set from the deployment.
   */
  readonly jwks?: string | readonly JwksDoc[] | undefined;
  /**
   * True on a backend that you host yourself: Convex then fetches the key set by
   * `CONVEX_CLOUD_URL/http` instead of by `CONVEX_SITE_URL`. A self-hosted backend serves four requests
   * of its site port at a time and fetches the key set before it looks at a token, so that a handful of
   * requests with any token would wait for each other for ever (seen on a backend of August 2026).
   * Without effect with static keys, which nobody fetches.
   * @default false
   */
  readonly selfHosted?: boolean | undefined;
  /** @default "RS256" */
  readonly algorithm?: KeyAlgorithm | undefined;
}

/** A `customJwt` provider of `auth.config.ts`. */
export type GateAuthProvider = {
  type: "customJwt";
  applicationID: "convex";
  issuer: string;
  jwks: string;
  algorithm: KeyAlgorithm;
};

/**
 * The provider for `convex/auth.config.ts`: tokens are issued by this deployment
 * (`CONVEX_SITE_URL`) for the application `convex`. Needs no variable to be set while the file is
 * imported; `issuer` and `jwks` are read when they are looked at, and then throw `ENV_MISSING` when
 * `CONVEX_SITE_URL`, or with `selfHosted` `CONVEX_CLOUD_URL`, is unset. Throws `KEY_SET_INVALID` for a
 * malformed key set and `INVALID_OPTION` for other wrong options.
 */
export function getAuthConfigProvider(options: AuthConfigProviderOptions = {}): GateAuthProvider {
  const { algorithm = "RS256" } = options;
  if (algorithm !== "RS256" && algorithm !== "ES256")
    throw new GateError(
      "INVALID_OPTION",
      'getAuthConfigProvider: algorithm must be "RS256" or "ES256".',
    );
  const dataUri = isUnset(options.jwks) ? undefined : staticKeySet(options.jwks, algorithm);
  const path = `${normalizeBasePath(options.basePath)}/convex/jwks`;
  return {
    type: "customJwt",
    applicationID: APPLICATION_ID,
    algorithm,
    // Getters, so that importing auth.config.ts in a unit test or a script never fails for want of
    // a variable.
    get issuer(): string {
      return siteUrl();
    },
    get jwks(): string {
      return dataUri ?? `${options.selfHosted ? `${cloudUrl()}/http` : siteUrl()}${path}`;
    },
  };
}

/**
 * Convex reads a `data:` URI without any request and accepts percent-encoding, which needs no
 * base64 helper.
 */
function staticKeySet(jwks: string | readonly JwksDoc[], algorithm: KeyAlgorithm): string {
  const set = createPublicJwks(typeof jwks === "string" ? parseJwks(jwks) : jwks);
  // Convex refuses the whole set's key when its `alg` differs from the provider's, so other keys
  // are left out.
  const keys = set.keys.filter((key) => key.alg === algorithm);
  if (keys.length === 0)
    throw new GateError(
      "KEY_SET_INVALID",
      `The static key set has no ${algorithm} key. Pass getAuthConfigProvider({ algorithm }) the algorithm of its keys, or run ` +
        `\`npx convex-gate keys generate --alg ${algorithm}\`.`,
      { meta: { member: "alg", algorithm } },
    );
  return `data:application/json,${encodeURIComponent(JSON.stringify({ keys }))}`;
}

function siteUrl(): string {
  return urlIn("CONVEX_SITE_URL", "site URL", "https://your-app.convex.site");
}

function cloudUrl(): string {
  return urlIn("CONVEX_CLOUD_URL", "URL for clients", "http://127.0.0.1:3210");
}

function urlIn(variable: string, what: string, example: string): string {
  const url = readEnv(variable);
  if (url === undefined)
    throw new GateError(
      "ENV_MISSING",
      `${variable} is not set. Convex sets it on every deployment; elsewhere (tests, scripts) set it to the ` +
        `deployment's ${what}, for example ${variable}=${example}.`,
      { meta: { variable } },
    );
  return url.replace(/\/+$/, "");
}
