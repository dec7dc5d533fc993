/** What a request told, in the only three ways that matter: a value, "nobody is signed in", or nothing at all. */

/** The outcome of a request. `failed` says nothing about the session: the network, the server or a proxy was at fault. */
export type Answer<T> = Value<T> | { readonly kind: "signedOut" } | Failed;

/** A value that tells of a live session. Both times are in ms since the epoch by the server's clock. */
export interface Value<T> {
  readonly kind: "value";
  readonly value: T;
  /** When the session ends, where that is told. */
  readonly endsAt?: number | undefined;
  /** When the server answered, where that is told. */
  readonly now?: number | undefined;
}

/** An answer that is none. Without a status there was no answer that a script may read. */
export interface Failed {
  readonly kind: "failed";
  readonly retryAfterMs?: number | undefined;
  readonly status?: number | undefined;
  /** Code and message, where the server told what is wrong with the set-up. */
  readonly told?: string | undefined;
}

/** An error of Better Auth's fetch, as far as it is looked at. */
export interface FetchError {
  readonly status?: number | undefined;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly headers?: { get(name: string): string | null } | undefined;
}

/** The meaning of a failed request: a 401 ends the session, everything else says nothing. */
export function meaningOf(
  error: FetchError | null | undefined,
  now: number = Date.now(),
): Exclude<Answer<never>, { kind: "value" }> {
  if (error?.status === 401) return { kind: "signedOut" };
  // Better Auth's rate limiter has a header of its own.
  const wish = error?.headers?.get("retry-after") ?? error?.headers?.get("x-retry-after");
  const retryAfterMs = readRetryAfter(wish, now);
  return {
    kind: "failed",
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    // Where the network or CORS kept the answer back there is none.
    ...(typeof error?.status === "number" ? { status: error.status, ...toldBy(error) } : {}),
  };
}

/** What an error's own code says; without one the message is the status in words. */
function toldBy({ code, message }: FetchError): { told?: string } {
  return typeof code === "string" ? { told: `${code}: ${String(message)}` } : {};
}

/** No server may put a client off for longer than this. */
const LONGEST_WISH_MS = 300_000;

/** RFC 9110, section 10.2.3: seconds, or a date. */
function readRetryAfter(text: string | null | undefined, now: number): number | null {
  if (!text) return null;
  const isDate = /gmt$/i.test(text);
  const ms = isDate ? Date.parse(text) - now : Number(text) * 1000;
  return ms >= 0 ? Math.min(ms, LONGEST_WISH_MS) : null;
}
