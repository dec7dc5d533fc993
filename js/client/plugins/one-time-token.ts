/** The query parameter in which a redirect brings a one-time token. */
const TOKEN_PARAMETER = "ott";

/** Where Better Auth itself tells the page what became of a redirect. */
const ERROR_PARAMETER = "error";

/**
 * The one-time token of the address, or null. The address loses it before anything else happens: it must stay neither
 * in the history nor in what the page sends as its referrer.
 */
export function takeOneTimeToken(): string | null {
  const url = address();
  const token = url?.searchParams.get(TOKEN_PARAMETER) ?? null;
  if (!url || token === null) return null;
  url.searchParams.delete(TOKEN_PARAMETER);
  replace(url);
  return token;
}

/** Why a link signed nobody in. */
export type LinkProblem = "LINK_OPENED_ELSEWHERE" | "INVALID_ONE_TIME_TOKEN";

/** Tells the page in its address, as Better Auth's own redirects do, why it is not signed in. */
export function tellLinkProblem(problem: LinkProblem): void {
  const url = address();
  if (!url || url.searchParams.has(ERROR_PARAMETER)) return;
  url.searchParams.set(ERROR_PARAMETER, problem);
  replace(url);
}

function address(): URL | null {
  if (typeof window === "undefined" || !("location" in window) || !window.location) return null;
  return new URL(window.location.href);
}

function replace(url: URL): void {
  window.history.replaceState(window.history.state, "", url);
}
