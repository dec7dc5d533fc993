/** `convex-gate/react`: the bindings. */
export { getTokenExpiry, isTokenExpired } from "../client/token-expiry.js";
export { AuthBoundary } from "./auth-boundary.js";
export type { AuthBoundaryProps } from "./auth-boundary.js";
export type { AuthClientLike } from "./auth-client.js";
export { ConvexBetterAuthProvider } from "./convex-better-auth-provider.js";
export type { ConvexBetterAuthProviderProps } from "./convex-better-auth-provider.js";
export type { InitialState } from "../client/connection.js";
export { ConvexGateProvider, useConvexGate } from "./gate-provider.js";
export { useGateStatus } from "./gate-status.js";
export type { GateStatus } from "../client/gate-status.js";
export type { DegradedReason } from "../client/trouble.js";
export type { SessionQuery, SessionState } from "../client/session-query.js";
