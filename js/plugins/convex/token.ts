/** Tokens: from the cache while they are good, else signed. */
import type { AuthContext } from "better-auth";
import type { CachedToken, StoredKey } from "../../adapter/token-store.js";
import { claimsFor, sameClaims } from "./claims.js";
import type { Claims, ClaimSource } from "./claims.js";
import { readClaims, signJwt } from "./jwt.js";
import { planKeyRing } from "./key-ring.js";
import type { Settings } from "./options.js";
import { claimSource } from "./rows.js";
import { signerOf } from "./signing-key.js";
import type { KeySource } from "./signing-key.js";

/** A token request of one session. */
export interface TokenRequest {
  readonly sessionToken: string;
  /** Never answer from the cache; the token differs from every earlier one. */
  readonly fresh: boolean;
  /** ms */
  readonly now: number;
}

/** A token with its times in ms. */
export type SignedToken = CachedToken;

/**
 * How far ahead of the clock `iat` may go so that it grows with every forced refresh; Convex allows
 * 5 s.
 */
const MOST_SECONDS_AHEAD = 2;
/** A cached token that ends sooner is not handed out: it would end on its way. */
const LEAST_REST_MS = 5000;

/**
 * The token of a session, or null when the session is gone or over. One component query; when it
 * has to sign, at most one mutation more, and one for each key that has to be made or retired.
 */
export async function tokenFor(
  source: KeySource,
  tables: AuthContext["tables"],
  request: TokenRequest,
): Promise<SignedToken | null> {
  const { settings } = source;
  const store = source.store();
  const found = await store.tokenContext(request.sessionToken);
  if (!found) return null;
  const who = claimSource(found, tables);
  const sessionEnd = endOf(who);
  if (!(sessionEnd > request.now)) return null;
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
    const kept = await store.storeToken({
      ...minted,
      sessionId: who.session.id,
      userId: who.user.id,
    });
    // Not kept means that the session was revoked after it was read: then no token leaves this
    // place.
    return kept ? minted : null;
  } catch (error) {
    source.context.logger.warn(
      `[convex-gate] A signed token could not be cached: ${nameOf(error)}`,
    );
    return minted;
  }
}

/**
 * Signs a token for a session that was read or made within this request; null when the session is
 * over.
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

async function mint(
  source: KeySource,
  keys: readonly StoredKey[],
  who: ClaimSource,
  claims: Claims,
  { now, previous, unique }: { now: number; previous: CachedToken | null; unique: boolean },
): Promise<SignedToken | null> {
  const sessionEnd = Math.floor(endOf(who) / 1000);
  const clock = Math.floor(now / 1000);
  if (!(sessionEnd > clock)) return null;
  const iat = issuedAt(clock, previous);
  const exp = Math.min(clock + source.settings.lifetimeS, sessionEnd);
  const signer = await signerOf(source, keys, now);
  // A forced refresh must give another token even within one second, or Convex's client stops
  // refreshing. Neither `jti` nor `iat` is part of the identity that Convex caches queries by.
  const id = unique ? { jti: tokenId() } : {};
  const token = await signJwt(signer, { ...claims, iat, exp, ...id });
  return { token, keyId: signer.keyId, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}

/** When a session ends, in ms; NaN, which is later than nothing, for a row that has no time there. */
function endOf({ session }: ClaimSource): number {
  const end: unknown = session.expiresAt;
  return end instanceof Date ? end.getTime() : Number.NaN;
}

function issuedAt(clock: number, previous: CachedToken | null): number {
  const after = previous ? Math.floor(previous.issuedAt / 1000) + 1 : clock;
  return Math.min(Math.max(clock, after), clock + MOST_SECONDS_AHEAD);
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
    settings: Settings;
    sessionEnd: number;
    now: number;
  },
): cached is CachedToken {
  const { claims, keys, settings, sessionEnd, now } = as;
  if (!cached || settings.cacheTtlMs === false) return false;
  const ttlMs = settings.cacheTtlMs ?? (cached.expiresAt - cached.issuedAt) / 2;
  if (now - cached.issuedAt >= ttlMs || cached.expiresAt - now < LEAST_REST_MS) return false;
  // Also keeps the cache from answering for a session that has expired: a token never outlives its
  // session.
  if (cached.expiresAt > sessionEnd) return false;
  if (planKeyRing(keys, settings.ring, now).current?.id !== cached.keyId) return false;
  const signed = readClaims(cached.token);
  return signed !== undefined && sameClaims(signed, claims);
}

function claimRules(settings: Settings): Parameters<typeof claimsFor>[1] {
  return {
    issuer: settings.issuer(),
    claims: settings.claims,
    definePayload: settings.definePayload,
  };
}

function tokenId(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(9))));
}

/** Errors of the component may quote arguments, and one of them is a token. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown error";
}
