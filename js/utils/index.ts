/** `convex-gate/utils`: request and token helpers that framework integrations share. */
export { getTokenCookie, parseCookieHeader } from "./cookies.js";
export type { JwtCookieOptions } from "./cookies.js";
export { proxyRequestHeaders, proxyResponseHeaders } from "./proxy-headers.js";
export type { ProxyHeaderOptions } from "./proxy-headers.js";
