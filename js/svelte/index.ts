/** `convex-gate/svelte`: the bindings, over `convex-svelte`. */
export type { InitialState } from "../client/connection.js";
export type { PreloadedAuthQuery } from "../client/preloaded.js";
export type { DegradedReason } from "../client/trouble.js";
export type { SessionQuery, SessionState } from "../client/session-query.js";
export { useAuth } from "./auth-context.js";
export type { Auth } from "./auth-context.js";
export type { AuthClientLike } from "./auth-client.js";
export { setupAuth } from "./setup-auth.js";
export type { SetupAuthOptions } from "./setup-auth.js";
export { useAuthQuery } from "./use-auth-query.js";
export type { AuthQuery, AuthQueryOptions } from "./use-auth-query.js";
