/** `convex-gate/http`: Better Auth's endpoints for an `http.ts` that loads Better Auth only when one of them is called. */
export { mountLazyRoutes as registerRoutes } from "../server/lazy-routes.js";
export type { LazyRouteOptions } from "../server/lazy-routes.js";
export type { RouteOptions } from "../server/routes.js";
export type { TrustedProxy } from "../server/client-ip.js";
export type { LoadAuth, Origins } from "../server/types.js";
