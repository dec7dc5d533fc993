/** What a request told, in the only three ways that matter: a value, "nobody is signed in", or nothing at all. */

/** The outcome of a request. `failed` says nothing about the session: the network, the server or a proxy was at fault. */
export type Answer<T> =
  { kind: "value"; value: T } | { kind: "signedOut" } | { kind: "failed"; retryAfterMs?: number };

/** An error of Better Auth's fetch, as far as it is looked at. */
export interface FetchError {
  status?: number | undefined;
  headers?: { get(name: string): string | null } | undefined;
}

/** The meaning of a failed request: a 401 ends the session, everything else says nothing. */
export function meaningOf(
  error: FetchError | null | undefined,
): Exclude<Answer<never>, { kind: "value" }> {
  if (error?.status === 401) return { kind: "signedOut" };
  const retryAfterS = Number(error?.headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(retryAfterS) && retryAfterS >= 0
    ? { kind: "failed", retryAfterMs: retryAfterS * 1000 }
    : { kind: "failed" };
}
