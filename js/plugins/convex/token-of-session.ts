/** The token of a session as it is: from the cache while it is good, else signed. Nothing of Better Auth runs for it. */
import type { TokenContext, TokenEntry } from "../../adapter/token-store.js";
import type { ClaimSource } from "./claims.js";
import { planToken } from "./good-token.js";
import type { TokenWish } from "./good-token.js";
import type { KeySource } from "./key-source.js";
import { mint } from "./mint.js";
import type { SignedToken } from "./mint.js";

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
  const plan = await planToken(settings, found, who, request);
  if (!plan || plan.good) return plan && plan.good;
  const minted = await mint(source, plan.keys, who, plan.claims, {
    now: request.now,
    previous: found.cached,
    unique: request.fresh,
  });
  const store = source.store();
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

/** What the cache keeps of a token. */
export function entryOf(token: SignedToken, { session, user }: ClaimSource): TokenEntry {
  return { ...token, sessionId: session.id, userId: user.id };
}

/** Errors of the component may quote arguments, and one of them is a token. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown error";
}
