/** When a session is due for its renewal, and when there is too little left of it for a token. */
import type { Session } from "better-auth";
import { TOKEN_LEEWAY_MS } from "../shared/token-leeway.js";
import type { ClaimSource } from "./claims.js";

/** The app's times of sessions. */
export interface RenewalTimes {
  /** How long a session lives from its renewal on, in ms. */
  readonly expiresInMs: number;
  /** The age in ms from which it is renewed. */
  readonly updateAgeMs: number;
}

/**
 * True when the session is to be renewed at `now` (ms). As in Better Auth it is due at the age `updateAge`, and never
 * where that is no less than `expiresIn`. One that would become due within the leeway before its end is renewed at the
 * leeway's beginning, because no token is made from then on. An impersonation keeps the end that it was given.
 */
export function isDue(
  session: Session & Record<string, unknown>,
  { expiresInMs, updateAgeMs }: RenewalTimes,
  now: number,
): boolean {
  if (session["impersonatedBy"]) return false;
  const end = session.expiresAt.getTime();
  const dueAt = end - expiresInMs + updateAgeMs;
  return dueAt < end && (dueAt <= now || endsWithinLeeway(end, now));
}

/** When a session ends, in ms; NaN, which is later than nothing, for a row that has no time there. */
export function endOf({ session }: ClaimSource): number {
  const end: unknown = session.expiresAt;
  return end instanceof Date ? end.getTime() : Number.NaN;
}

/** True when a token that ends with the session (at `end`, ms) would live for less than the leeway. */
export function endsWithinLeeway(end: number, now: number): boolean {
  return Math.floor(end / 1000) * 1000 - now < TOKEN_LEEWAY_MS;
}
