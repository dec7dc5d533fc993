/** The token of a session as it is: from the cache while it is good, else signed. Nothing of Better Auth runs for it. */
import type {
  CachedToken,
  StoredKey,
  TokenContext,
  TokenEntry,
} from "../../adapter/token-store.js";
import { TOKEN_LEEWAY_MS } from "../shared/token-leeway.js";
import { claimsFor, sameClaims } from "./claims.js";
import type { Claims, ClaimSource } from "./claims.js";
import { endsWithinLeeway } from "./due.js";
import { readClaims } from "./jwt.js";
import { planKeyRing } from "./key-ring.js";
import type { KeySource, TokenRules } from "./key-source.js";
import { claimRules, endOf, mint } from "./mint.js";
import type { SignedToken } from "./mint.js";

/** What a token request asks of the session's token. */
export interface TokenWish {
  /** Never answer from the cache; the token differs from every earlier one. */
  readonly fresh: boolean;
  /** ms */
  readonly now: number;
}

/** A cached token of a short life that ends sooner is not handed out: it would end on its way. */
const LEAST_REST_MS = 5000;

/**
 * The token of a session; null where there is none for it. At most one mutation of the component, and one for each key that
 * has to be made or retired. Throws `KEYS_CHANGING` while what it would sign is refused.
 */
export async function tokenOf(
  source: KeySource,
  found: TokenContext,
  who: ClaimSource,
  request: TokenWish,
): Promise<SignedToken | null> {
  const { settings } = source;
  const store = source.store();
  const sessionEnd = endOf(who);
  if (endsWithinLeeway(sessionEnd, request.now)) return null;
  const claims = await claimsFor(who, claimRules(settings));
  const keys = settings.staticKeys ?? found.keys;
  if (
    !request.fresh &&
    isGood(found.cached, { claims, keys, settings, sessionEnd, now: request.now })
  )
    return found.cached;

  const minted = await mint(source, keys, who, claims, {
    now: request.now,
    previous: found.cached,
    unique: request.fresh,
  });
  if (!minted || settings.cacheTtlMs === false || !store.writable) return minted;
  try {
    const kept = await store.storeToken(entryOf(minted, who));
    // Not kept means that the session was revoked after it was read: then no token leaves this
    // place.
    return kept ? minted : null;
  } catch (error) {
    source.logger.warn(`[convex-gate] A signed token could not be cached: ${nameOf(error)}`);
    return minted;
  }
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

/** What the cache keeps of a token. */
export function entryOf(token: SignedToken, { session, user }: ClaimSource): TokenEntry {
  return { ...token, sessionId: session.id, userId: user.id };
}

/** Errors of the component may quote arguments, and one of them is a token. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown error";
}
