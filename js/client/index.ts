/** `convex-gate/client`: sessions and tokens without React. */
export { createConvexGateClient } from "./session-client.js";
export type {
  ConvexGateCachedClient,
  ConvexGateClient,
  ConvexGateClientConfig,
  ConvexGateSessionTransport,
  SessionSnapshot,
} from "./session-client.js";
export { getTokenExpiry, isTokenExpired } from "./token-expiry.js";
