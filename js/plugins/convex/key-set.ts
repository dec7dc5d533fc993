/** The public documents: the key set and the discovery document. */
import type { StoredKey } from "../../adapter/token-store.js";
import { createPublicJwks } from "../../auth-config/keys.js";
import type { PublicJwks } from "../../auth-config/keys.js";

/**
 * Seconds for which verifiers keep the key set. Convex fetches it through a cache that obeys this and does not ask again for
 * an unknown key: for so long a key that had to be replaced at once is accepted and its successor refused. Short, because
 * everybody waits meanwhile; not shorter, because a busy deployment fetches the set as often.
 */
export const JWKS_MAX_AGE_S = 10;

/** The same for the discovery document, which changes with the deployment's address only. */
export const DISCOVERY_MAX_AGE_S = 3600;

/**
 * How long a new key is published before it signs where nothing urges, in ms: long enough for verifiers that are slow to ask
 * again.
 */
export const PUBLISH_LEAD_MS = 240_000;

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
