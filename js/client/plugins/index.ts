/** `convex-gate/client/plugins`: the Better Auth client plugins. */
export { convexClient } from "./convex-client.js";
export type { ConvexClientPlugin } from "./convex-client.js";
export { crossDomainClient } from "./cross-domain-client.js";
export type {
  CrossDomainActions,
  CrossDomainClientOptions,
  CrossDomainClientPlugin,
  OpenedLink,
} from "./cross-domain-client.js";
export type { CookieStorage } from "./cookie-storage.js";
