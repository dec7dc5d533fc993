/** The query parameter in which a redirect brings a one-time token. */
const TOKEN_PARAMETER = "ott";

/**
 * The one-time token of the address, or null. The address loses it before anything else happens: it must stay neither
 * in the history nor in what the page sends as its referrer.
 */
export function takeOneTimeToken(): string | null {
  if (typeof window === "undefined" || !("location" in window) || !window.location) return null;
  const url = new URL(window.location.href);
  const token = url.searchParams.get(TOKEN_PARAMETER);
  if (token === null) return null;
  url.searchParams.delete(TOKEN_PARAMETER);
  window.history.replaceState(window.history.state, "", url);
  return token;
}
