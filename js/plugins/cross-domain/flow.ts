/** What a redirect carries between the tab that started it and the end of it. */
import type { AuthContext } from "better-auth";
import {
  constantTimeEqual,
  generateRandomString,
  symmetricDecrypt,
  symmetricEncrypt,
} from "better-auth/crypto";
import { base64Url } from "../convex/jwt.js";

/**
 * Query parameter by which a callback URL remembers the hash of the verifier on its way through
 * providers, e-mails and databases. It is taken out of the URL before anybody is redirected to it.
 */
export const CHALLENGE_PARAMETER = "ott_challenge";

/** Query parameter with the one-time token at the end of a flow. */
export const TOKEN_PARAMETER = "ott";

/**
 * Seconds in which a one-time token can be redeemed: enough for a page load, too short for anything
 * else.
 */
const TOKEN_LIFETIME_S = 60;
/** As long as Better Auth's own state cookie lives. */
const START_LIFETIME_MS = 300_000;
const START_PURPOSE = "convex-gate.cross-domain-start";
/** base64url(SHA-256), RFC 7636 section 4.2. */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** The challenge in a header or parameter, if it is one. */
export function challengeOf(text: string | null | undefined): string | undefined {
  return text && CHALLENGE.test(text) ? text : undefined;
}

/**
 * Makes a one-time token for a session, to be redeemed by whoever knows the challenge's verifier.
 */
export async function createOneTimeToken(
  context: AuthContext,
  sessionToken: string,
  challenge: string,
): Promise<string> {
  const token = generateRandomString(32);
  await context.internalAdapter.createVerificationValue({
    identifier: await identifierOf(token),
    value: JSON.stringify({ sessionToken, challenge }),
    expiresAt: new Date(Date.now() + TOKEN_LIFETIME_S * 1000),
  });
  return token;
}

/**
 * The session token behind a one-time token, or null. The token is used up by the attempt whatever
 * comes of it, in one atomic step, so a wrong verifier cannot be followed by a second guess.
 */
export async function redeemOneTimeToken(
  context: AuthContext,
  token: string,
  verifier: string,
): Promise<string | null> {
  const row = await context.internalAdapter.consumeVerificationValue(await identifierOf(token));
  if (!row) return null;
  const kept: unknown = JSON.parse(row.value);
  if (!isKept(kept)) return null;
  return constantTimeEqual(await sha256(verifier), kept.challenge) ? kept.sessionToken : null;
}

/** The first hop of a redirect flow: where to go, and the cookies to set on the way. */
export interface Start {
  readonly url: string;
  readonly cookies: readonly string[];
  /** True when the flow acts on a signed-in user, as linking an account does. */
  readonly actsOnUser: boolean;
}

/**
 * Encrypts a start for the URL of the first hop: nobody else can make one, and its cookies stay
 * unread.
 */
export async function sealStart(context: AuthContext, start: Start): Promise<string> {
  const data = JSON.stringify({
    ...start,
    purpose: START_PURPOSE,
    until: Date.now() + START_LIFETIME_MS,
  });
  return symmetricEncrypt({ key: context.secretConfig, data });
}

/** The start in a sealed text; null when it is not ours or too old. */
export async function openStart(context: AuthContext, sealed: string): Promise<Start | null> {
  try {
    const text = await symmetricDecrypt({ key: context.secretConfig, data: sealed });
    const start = JSON.parse(text) as Start & { purpose?: unknown; until?: unknown };
    return start.purpose === START_PURPOSE && Number(start.until) > Date.now() ? start : null;
  } catch {
    return null;
  }
}

async function identifierOf(token: string): Promise<string> {
  // Hashed, so that reading the table does not yield tokens.
  return `cross-domain:${await sha256(token)}`;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return base64Url(new Uint8Array(digest));
}

function isKept(value: unknown): value is { sessionToken: string; challenge: string } {
  if (typeof value !== "object" || value === null) return false;
  const { sessionToken, challenge } = value as Record<string, unknown>;
  return typeof sessionToken === "string" && typeof challenge === "string";
}
