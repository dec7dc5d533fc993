/** Tokens: from the cache while they are good, else signed. */
import type { AuthContext } from "better-auth";
import { isAPIError } from "better-auth/api";
import type {
  CachedToken,
  StoredKey,
  TokenContext,
  TokenEntry,
} from "../../adapter/token-store.js";
import { isGateError } from "../../errors/index.js";
import { TOKEN_LEEWAY_MS } from "../shared/token-leeway.js";
import { claimsFor, sameClaims } from "./claims.js";
import type { Claims, ClaimSource } from "./claims.js";
import { readClaims } from "./jwt.js";
import { planKeyRing } from "./key-ring.js";
import { claimRules, endOf, mint } from "./mint.js";
import type { SignedToken } from "./mint.js";
import type { Settings } from "./options.js";
import { endsWithinLeeway, isDue } from "./renewal.js";
import type { Renewal } from "./renewal.js";
import { claimSource } from "./rows.js";
import type { KeySource } from "./signing-key.js";

/** A token request of one session. */
export interface TokenRequest {
  readonly sessionToken: string;
  /** Never answer from the cache; the token differs from every earlier one. */
  readonly fresh: boolean;
  /** ms */
  readonly now: number;
  /** How the session is renewed when it is due; undefined where the request must not renew it. */
  readonly renewal?: Renewal | undefined;
}

/** The answer to a token request. */
export interface SessionToken {
  readonly token: SignedToken;
  /** The session and its user, as they are now. */
  readonly who: ClaimSource;
  /** True when the session was renewed, so that its cookies have to be set anew. */
  readonly renewed: boolean;
}

/** A cached token of a short life that ends sooner is not handed out: it would end on its way. */
const LEAST_REST_MS = 5000;
/** How often a session that others change meanwhile is read again before it is left to them. */
const MOST_READS = 3;

/**
 * The token of a session, or null when the session is gone or over. A session that is due is renewed. One component query;
 * when it has to sign or renew, at most one mutation more, and one for each key that has to be made or retired. Throws
 * `KEYS_CHANGING` while what it would sign is refused.
 */
export async function tokenFor(
  source: KeySource,
  tables: AuthContext["tables"],
  request: TokenRequest,
): Promise<SessionToken | null> {
  const store = source.store();
  for (let reads = 1; ; reads += 1) {
    const found = await store.tokenContext(request.sessionToken);
    if (!found) return null;
    const who = claimSource(found, tables);
    if (!(endOf(who) > request.now)) return null;
    const { renewal, now } = request;
    if (renewal && store.renewing && isDue(who.session, renewal, now)) {
      try {
        return await renewedToken(source, tables, found, request, renewal);
      } catch (error) {
        if (isGateError(error, "CONFLICT") && reads < MOST_READS) continue;
        warnOfRenewal(source, error);
      }
    }
    const token = await tokenOf(source, found, who, request);
    return token && { token, who, renewed: false };
  }
}

/** The token of a session as it is. */
async function tokenOf(
  source: KeySource,
  found: TokenContext,
  who: ClaimSource,
  request: TokenRequest,
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
    source.context.logger.warn(
      `[convex-gate] A signed token could not be cached: ${nameOf(error)}`,
    );
    return minted;
  }
}

/**
 * Renews a session and signs its token; null when a database hook of the app refused, as for Better Auth's `get-session`.
 * Throws `CONFLICT` when the session was changed or revoked after it was read: it is never renewed back.
 */
async function renewedToken(
  source: KeySource,
  tables: AuthContext["tables"],
  found: TokenContext,
  { sessionToken, now, fresh }: TokenRequest,
  { expiresInMs, update }: Renewal,
): Promise<SessionToken | null> {
  const { settings } = source;
  let signed: { token: SignedToken | null; who: ClaimSource } | undefined;
  const sign = async (who: ClaimSource): Promise<NonNullable<typeof signed>> => {
    const claims = await claimsFor(who, claimRules(settings));
    const keys = settings.staticKeys ?? found.keys;
    const minting = { now, previous: found.cached, unique: fresh };
    signed = { token: await mint(source, keys, who, claims, minting), who };
    return signed;
  };
  const renewed = await source.store().renewing?.(
    found.session,
    async (session) => {
      const { token, who } = await sign(claimSource({ ...found, session }, tables));
      return token && settings.cacheTtlMs !== false ? entryOf(token, who) : null;
    },
    () =>
      update(sessionToken, { expiresAt: new Date(now + expiresInMs), updatedAt: new Date(now) }),
  );
  if (!renewed) return null;
  // Within a transaction of the app the update is one of its steps, and the token is kept by the next request.
  const { token, who } =
    signed ?? (await sign({ ...claimSource(found, tables), session: renewed }));
  return token && { token, who, renewed: true };
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

function entryOf(token: SignedToken, { session, user }: ClaimSource): TokenEntry {
  return { ...token, sessionId: session.id, userId: user.id };
}

/**
 * What the app's own hooks answer is the answer. Anything else does not end a session that lives: it is left as it is, and
 * what is wrong with tokens shows where the token is made.
 */
function warnOfRenewal({ context }: KeySource, error: unknown): void {
  if (isGateError(error, "KEYS_CHANGING")) throw error;
  // First, because some of these are of Better Auth's kind as well.
  if (isGateError(error)) return;
  if (isAPIError(error)) throw error;
  context.logger.warn(`[convex-gate] A session could not be renewed: ${nameOf(error)}`);
}

/** Errors of the component may quote arguments, and one of them is a token. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown error";
}
