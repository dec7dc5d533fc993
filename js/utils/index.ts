/** `convex-gate/utils`: helpers for code that functions of several kinds share, and for framework integrations. */
export {
  isActionCtx,
  isMutationCtx,
  isQueryCtx,
  isRunMutationCtx,
  requireActionCtx,
  requireMutationCtx,
  requireQueryCtx,
  requireRunMutationCtx,
} from "./context.js";
export type { GenericCtx, RunMutationCtx } from "./context.js";
export { CLIENT_IP_HEADER, signClientIp } from "./client-ip-header.js";
export { getTokenCookie, parseCookieHeader } from "./cookies.js";
export type { JwtCookieOptions } from "./cookies.js";
export { proxyRequestHeaders, proxyResponseHeaders } from "./proxy-headers.js";
export type { ProxyHeaderOptions } from "./proxy-headers.js";
