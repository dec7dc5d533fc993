/**
 * Convex's refusals for want of room. All of them mean that the called function has written nothing. They have a text and,
 * in an action, no class and no code (convex-backend, August 2026: `crates/errors`, `crates/database`, `crates/isolate`).
 */

/** Why a call was refused: others changed what it read, there was too much to do, or it took longer than it may. */
export type Crowding = "conflict" | "overload" | "timeout";

const TEXTS: readonly [Crowding, RegExp][] = [
  [
    "conflict",
    /changed while (?:this mutation|it) was being run|OptimisticConcurrencyControlFailure/,
  ],
  ["overload", /Too many writes per second|Too many concurrent requests/],
  ["timeout", /Function execution timed out/],
];

/** What a client is told by `TOO_BUSY`. */
export const TOO_BUSY_MESSAGE = "Too many requests at once. Please try again.";

/** In how many seconds it may try again: in HTTP's header (RFC 9110 section 10.2.3) and in Better Auth's. */
export const RETRY_HEADERS = { "Retry-After": "1", "X-Retry-After": "1" } as const;

/** Which of them `error` is; undefined for any other error. */
export function crowdingOf(error: unknown): Crowding | undefined {
  if (!(error instanceof Error)) return undefined;
  return TEXTS.find(([, text]) => text.test(error.message))?.[0];
}
