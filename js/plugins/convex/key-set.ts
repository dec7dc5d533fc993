/** The public documents: the key set and the discovery document. */
import type { StoredKey } from "../../adapter/token-store.js";
import { createPublicJwks } from "../../auth-config/keys.js";
import type { PublicJwks } from "../../auth-config/keys.js";

/**
 * Seconds for which verifiers may keep the key set. Convex fetches it through a cache that obeys
 * this and does not ask again for an unknown key: a new key is therefore published for longer than
 * this before it signs, and a key that had to be replaced at once is refused for at most this long.
 */
export const JWKS_MAX_AGE_S = 120;

/** How long a new key is published before it signs, in ms: verifiers may just have fetched the set. */
export const PUBLISH_LEAD_MS: number = 2 * JWKS_MAX_AGE_S * 1000;

/**
 * The public key set of stored keys. A row that is no valid key is left out: one bad row must not
 * take the rest down.
 */
export function keySetOf(keys: readonly StoredKey[]): PublicJwks {
  return {
    keys: keys.flatMap((key) => {
      try {
        return createPublicJwks([{ id: key.id, alg: key.alg, publicKey: key.publicKey }]).keys;
      } catch {
        return [];
      }
    }),
  };
}

/**
 * What tells others where the keys are (OpenID Connect Discovery 1.0 section 3, as far as it
 * concerns keys).
 */
export interface DiscoveryDocument {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly response_types_supported: readonly string[];
  readonly subject_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly string[];
  readonly claims_supported: readonly string[];
}

/**
 * The discovery document. It names no authorization endpoint: this issuer makes tokens for Convex
 * and logs nobody in.
 */
export function discoveryDocument(issuer: string, baseURL: string, alg: string): DiscoveryDocument {
  const basePath = new URL(baseURL).pathname.replace(/\/+$/, "");
  return {
    issuer,
    jwks_uri: `${issuer.replace(/\/+$/, "")}${basePath}/convex/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [alg],
    claims_supported: ["iss", "sub", "aud", "iat", "exp", "sessionId"],
  };
}
