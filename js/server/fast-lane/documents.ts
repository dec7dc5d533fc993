/** The plugin's public documents. */
import type { StoredKey } from "../../adapter/token-store.js";
import { planKeyRing, publishedKeys } from "../../plugins/convex/key-ring.js";
import {
  discoveryDocument,
  DISCOVERY_MAX_AGE_S,
  JWKS_MAX_AGE_S,
  keySetOf,
} from "../../plugins/convex/key-set.js";
import type { LaneFacts } from "../../plugins/convex/lane-facts.js";
import { FullWay } from "./full-way.js";
import { json } from "./json.js";

/** The public key set. */
export function keySetAnswer(
  { tokens }: LaneFacts,
  keys: readonly StoredKey[],
  now: number,
): Response {
  if (!tokens) throw new FullWay("keys of another kind");
  const ring = planKeyRing(keys, tokens.ring, now);
  if (ring.keyDue) throw new FullWay("a key to make");
  return json(
    keySetOf(publishedKeys(ring)),
    new Headers({ "cache-control": `public, max-age=${String(JWKS_MAX_AGE_S)}` }),
  );
}

/** The discovery document. */
export function discoveryAnswer({ discovery: { issuer, baseURL, alg } }: LaneFacts): Response {
  return json(
    discoveryDocument(issuer, baseURL, alg),
    new Headers({ "cache-control": `public, max-age=${String(DISCOVERY_MAX_AGE_S)}` }),
  );
}
