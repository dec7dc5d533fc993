/** Whether the cached token of a session can be handed out again. */
import type { CachedToken, StoredKey, TokenContext } from "../../adapter/token-store.js";
import { TOKEN_LEEWAY_MS } from "../shared/token-leeway.js";
import { claimsFor, sameClaims } from "./claims.js";
import type { ClaimRules, Claims, ClaimSource } from "./claims.js";
import { endOf, endsWithinLeeway } from "./due.js";
import { planKeyRing } from "./key-ring.js";
import type { TokenRules } from "./key-source.js";
import { readClaims } from "./token-claims.js";

/** What a token request asks of the session's token. */
export interface TokenWish {
  /** Never answer from the cache; the token differs from every earlier one. */
  readonly fresh: boolean;
  /** ms */
  readonly now: number;
}

/** What a session's token has to say, and the cached one that says so. */
export interface TokenPlan {
  readonly claims: Claims;
  readonly keys: readonly StoredKey[];
  /** null where one has to be signed. */
  readonly good: CachedToken | null;
}

/** A cached token of a short life that ends sooner is not handed out: it would end on its way. */
const LEAST_REST_MS = 5000;

/** The plan for a session's token; null where there is none for it. */
export async function planToken(
  settings: TokenRules,
  found: TokenContext,
  who: ClaimSource,
  { fresh, now }: TokenWish,
): Promise<TokenPlan | null> {
  const sessionEnd = endOf(who);
  if (endsWithinLeeway(sessionEnd, now)) return null;
  const claims = await claimsFor(who, claimRules(settings));
  const keys = settings.staticKeys ?? found.keys;
  const { cached } = found;
  const isKept = !fresh && isGood(cached, { claims, keys, settings, sessionEnd, now });
  return { claims, keys, good: isKept ? cached : null };
}

/** What decides the claims of the app's tokens. */
export function claimRules(settings: TokenRules): ClaimRules {
  return {
    issuer: settings.issuer(),
    claims: settings.claims,
    definePayload: settings.definePayload,
  };
}

/**
 * A cached token is good while it is young, ends with its session or before, says what a new one
 * would say, and its key is the one that signs.
 */
function isGood(
  cached: CachedToken | null,
  as: {
    claims: Claims;
    keys: readonly StoredKey[];
    settings: TokenRules;
    sessionEnd: number;
    now: number;
  },
): cached is CachedToken {
  const { claims, keys, settings, sessionEnd, now } = as;
  if (!cached || settings.cacheTtlMs === false) return false;
  const halfLife = (cached.expiresAt - cached.issuedAt) / 2;
  const leastRest = Math.max(LEAST_REST_MS, Math.min(TOKEN_LEEWAY_MS, halfLife));
  if (now - cached.issuedAt >= (settings.cacheTtlMs ?? halfLife)) return false;
  if (cached.expiresAt - now < leastRest) return false;
  // Also keeps the cache from answering for a session that has expired: a token never outlives its
  // session.
  if (cached.expiresAt > sessionEnd) return false;
  if (planKeyRing(keys, settings.ring, now).current?.id !== cached.keyId) return false;
  const signed = readClaims(cached.token);
  return signed !== undefined && sameClaims(signed, claims);
}
