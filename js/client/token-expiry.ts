/**
 * When a JWT ends, read without verifying it: enough to know when to ask for another one, and for nothing else. `decodeJwt` of
 * `jose` is larger, throws, and needs a `TextDecoder`, which React Native has not.
 */

/** How long before its end a token counts as expired, for clocks that differ and answers that take time. */
const DEFAULT_SKEW_MS = 10_000;

/**
 * When a token expires, in ms since the epoch, or null when it is not a JWT with a numeric `exp`. Never throws.
 * Imported from `convex-gate/client` or `convex-gate/react`.
 */
export function getTokenExpiry(token: string | null | undefined): number | null {
  const seconds = readClaims(token)?.["exp"];
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds * 1000 : null;
}

/**
 * Tells whether a token is expired, or so close to it that it should not be used. Garbage counts as expired.
 *
 * @param options `now` in ms since the epoch, by default the clock; `skewMs` how early a token counts as expired.
 * @default skewMs 10000
 * @throws TypeError when `options` is a number: it could be meant as either of the two.
 */
export function isTokenExpired(
  token: string | null | undefined,
  options: { now?: number; skewMs?: number } = {},
): boolean {
  if (typeof options !== "object")
    throw new TypeError(
      "isTokenExpired(token, options): options must be an object, { now } for a time or { skewMs } for a duration, both in ms.",
    );
  const expiry = getTokenExpiry(token);
  if (expiry === null) return true;
  // So written that a time that is no number does not make a token valid.
  return !(expiry - (options.skewMs ?? DEFAULT_SKEW_MS) > (options.now ?? Date.now()));
}

/**
 * Whether a newly made token gains nothing over the one that Convex holds, because both end when their session does, at
 * `endsAt` in ms. Convex would ask for the next one at once, and go on with that until the end (convex 1.48).
 */
export function gainsNothing(
  fresh: string,
  held: string | null,
  endsAt: number | undefined,
): boolean {
  const end = getTokenExpiry(fresh);
  // `exp` is in whole seconds. What is not known compares to nothing.
  return end !== null && end <= (getTokenExpiry(held) ?? 0) && end + 1000 > (endsAt ?? Number.NaN);
}

/** Whether two tokens say the same of their user and session. */
export function saySame(one: string | null, other: string | null): boolean {
  return JSON.stringify(lastingClaims(one)) === JSON.stringify(lastingClaims(other));
}

/** What a renewal does not change (RFC 7519, section 4.1). The server writes claims in one order. */
function lastingClaims(token: string | null): object {
  const { iat: _iat, exp: _exp, jti: _jti, ...lasting } = readClaims(token) ?? {};
  return lasting;
}

/** The session that a token of the `convex()` plugin belongs to; null for any other text. */
export function sessionIdOf(token: string | null | undefined): string | null {
  const sessionId = readClaims(token)?.["sessionId"];
  return typeof sessionId === "string" ? sessionId : null;
}

/** Who made a token, as it says itself; null for any other text. */
export function issuerOf(token: string | null | undefined): string | null {
  const issuer = readClaims(token)?.["iss"];
  return typeof issuer === "string" ? issuer : null;
}

function readClaims(token: unknown): Record<string, unknown> | null {
  const parts = typeof token === "string" ? token.split(".") : undefined;
  const payload = parts?.length === 3 ? parts[1] : undefined;
  if (payload === undefined) return null;
  try {
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    // As UTF-8, and without TextDecoder: React Native's engine has none.
    const escaped = binary.replace(
      /[^]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
    const claims: unknown = JSON.parse(decodeURIComponent(escaped));
    return typeof claims === "object" && claims !== null
      ? (claims as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
