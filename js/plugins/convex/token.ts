/** Tokens for requests that may also renew their session. */
import type { AuthContext } from "better-auth";
import { isAPIError } from "better-auth/api";
import type { TokenContext } from "../../adapter/token-store.js";
import { isGateError } from "../../errors/index.js";
import { claimsFor } from "./claims.js";
import type { ClaimSource } from "./claims.js";
import { endOf, isDue } from "./due.js";
import { claimRules } from "./good-token.js";
import type { TokenWish } from "./good-token.js";
import type { KeySource } from "./key-source.js";
import { mint } from "./mint.js";
import type { SignedToken } from "./mint.js";
import type { Renewal } from "./renewal.js";
import { claimSource } from "./rows.js";
import { entryOf, nameOf, tokenOf } from "./token-of-session.js";

/** A token request of one session. */
export interface TokenRequest extends TokenWish {
  readonly sessionToken: string;
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
 * What the app's own hooks answer is the answer. Anything else does not end a session that lives: it is left as it is, and
 * what is wrong with tokens shows where the token is made.
 */
function warnOfRenewal({ logger }: KeySource, error: unknown): void {
  if (isGateError(error, "KEYS_CHANGING")) throw error;
  // First, because some of these are of Better Auth's kind as well.
  if (isGateError(error)) return;
  if (isAPIError(error)) throw error;
  logger.warn(`[convex-gate] A session could not be renewed: ${nameOf(error)}`);
}
