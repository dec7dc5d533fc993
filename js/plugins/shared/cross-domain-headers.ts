/**
 * Request header in which a cross-domain client sends the cookies that it keeps itself, as a
 * `Cookie` header's value.
 */
export const COOKIE_HEADER = "better-auth-cookie";

/** Response header that carries every `Set-Cookie` of a response to a cross-domain client. */
export const SET_COOKIE_HEADER = "set-better-auth-cookie";

/**
 * Request header with `base64url(sha256(verifier))` of the tab, sent along with requests that may
 * start a redirect.
 */
export const VERIFIER_HEADER = "better-auth-cross-domain-verifier";

/**
 * True when a cross-domain client sent the request: it always sends its cookie header, empty when
 * it has none.
 */
export function isCrossDomainRequest(headers: Headers | null | undefined): boolean {
  return headers?.has(COOKIE_HEADER) === true || headers?.has(VERIFIER_HEADER) === true;
}
