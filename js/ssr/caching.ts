/** What a kit does to the `Cache-Control` of a page. */

/** Whose page it is, and what was put on it. */
export interface Answered {
  /** What the app or its framework has said so far. */
  readonly present: string | null | undefined;
  readonly isSignedIn: boolean;
  readonly setsCookies: boolean;
}

/**
 * The `Cache-Control` that a response has to get; undefined where it stays. Cookies of one visitor are for no shared cache,
 * whatever the app says. The page of a signed-in user may hold his token and data: kept by the browser, the back button would
 * bring them after a sign-out, unless the app has said how long that may be.
 */
export function cacheControlFor(answered: Answered): string | undefined {
  const { present, isSignedIn, setsCookies } = answered;
  const isOpen = setsCookies ? !/\b(?:private|no-store)\b/i.test(present ?? "") : !present;
  return isOpen && (setsCookies || isSignedIn) ? "private, no-store" : undefined;
}
