/** Signs a session's token. */
import type { CachedToken, StoredKey } from "../../adapter/token-store.js";
import { claimsFor } from "./claims.js";
import type { Claims, ClaimSource } from "./claims.js";
import { endOf, endsWithinLeeway } from "./due.js";
import { signJwt } from "./jwt.js";
import { claimRules } from "./good-token.js";
import type { KeySource } from "./key-source.js";
import { signerOf } from "./signing-key.js";

/** A token with its times in ms. */
export type SignedToken = CachedToken;

/**
 * How far ahead of the clock `iat` may go so that it grows with every forced refresh; Convex allows
 * 5 s.
 */
const MOST_SECONDS_AHEAD = 2;

/** What decides a token beside its session. */
export interface Minting {
  /** ms */
  readonly now: number;
  /** The token that this one follows. */
  readonly previous: CachedToken | null;
  /** Differ from every earlier token. */
  readonly unique: boolean;
}

/**
 * Signs a token for a session that was read or made within this request; null when the session is
 * over, or as good as over.
 */
export async function mintFor(
  source: KeySource,
  keys: readonly StoredKey[],
  who: ClaimSource,
  now: number,
): Promise<SignedToken | null> {
  const claims = await claimsFor(who, claimRules(source.settings));
  return mint(source, keys, who, claims, { now, previous: null, unique: false });
}

/** The same with claims that are known. */
export async function mint(
  source: KeySource,
  keys: readonly StoredKey[],
  who: ClaimSource,
  claims: Claims,
  { now, previous, unique }: Minting,
): Promise<SignedToken | null> {
  const end = endOf(who);
  if (Number.isNaN(end) || endsWithinLeeway(end, now)) return null;
  const sessionEnd = Math.floor(end / 1000);
  const clock = Math.floor(now / 1000);
  const iat = issuedAt(clock, previous);
  const exp = Math.min(clock + source.settings.lifetimeS, sessionEnd);
  const signer = await signerOf(source, keys, now);
  // A forced refresh must give another token even within one second, or Convex's client stops
  // refreshing. Neither `jti` nor `iat` is part of the identity that Convex caches queries by.
  const id = unique ? { jti: tokenId() } : {};
  const token = await signJwt(signer, { ...claims, iat, exp, ...id });
  return { token, keyId: signer.keyId, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}

function issuedAt(clock: number, previous: CachedToken | null): number {
  const after = previous ? Math.floor(previous.issuedAt / 1000) + 1 : clock;
  return Math.min(Math.max(clock, after), clock + MOST_SECONDS_AHEAD);
}

function tokenId(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(9))));
}
