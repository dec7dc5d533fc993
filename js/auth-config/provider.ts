import { GateError } from "../errors/index.js";
import { normalizeBasePath } from "./base-path.js";
import { readEnv } from "./env.js";
import { createPublicJwks, parseJwks } from "./keys.js";
import type { JwksDoc, KeyAlgorithm } from "./keys.js";

/** Options of {@link getAuthConfigProvider}. */
export interface AuthConfigProviderOptions {
  /** The path under which Better Auth is mounted. @default "/api/auth" */
  readonly basePath?: string | undefined;
  /**
   * Static keys: the value of `STATIC_JWKS`, or the keys themselves. With them Convex verifies
   * tokens without a network request. undefined means "not static yet": Convex fetches the key set
   * from the deployment.
   */
  readonly jwks?: string | readonly JwksDoc[] | undefined;
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

/** The application id in `auth.config.ts` and the audience (`aud`) of every token. */
export const APPLICATION_ID = "convex";

/**
 * The provider for `convex/auth.config.ts`: tokens are issued by this deployment
 * (`CONVEX_SITE_URL`) for the application `convex`. Needs no variable to be set while the file is
 * imported; `issuer` and `jwks` are read when they are looked at, and then throw `ENV_MISSING` when
 * `CONVEX_SITE_URL` is unset. Throws `KEY_SET_INVALID` for a malformed key set and `INVALID_OPTION`
 * for other wrong options.
 */
export function getAuthConfigProvider(options: AuthConfigProviderOptions = {}): GateAuthProvider {
  const { algorithm = "RS256" } = options;
  if (algorithm !== "RS256" && algorithm !== "ES256")
    throw new GateError(
      "INVALID_OPTION",
      'getAuthConfigProvider: algorithm must be "RS256" or "ES256".',
    );
  const dataUri = options.jwks === undefined ? undefined : staticKeySet(options.jwks, algorithm);
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
      return dataUri ?? `${siteUrl()}${path}`;
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
  const url = readEnv("CONVEX_SITE_URL");
  if (url === undefined)
    throw new GateError(
      "ENV_MISSING",
      "CONVEX_SITE_URL is not set. Convex sets it on every deployment; elsewhere (tests, scripts) set it to the " +
        "deployment's site URL, for example CONVEX_SITE_URL=https://your-app.convex.site.",
      { meta: { variable: "CONVEX_SITE_URL" } },
    );
  return url.replace(/\/+$/, "");
}
