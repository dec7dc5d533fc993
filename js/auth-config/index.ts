/**
 * `convex-gate/auth-config`: the provider for `convex/auth.config.ts`. Plain data and checks, no
 * dependency.
 */
export { createPublicJwks, parseJwks } from "./keys.js";
export type { JwksDoc, KeyAlgorithm, KeyTime, PublicJwk, PublicJwks } from "./keys.js";
export { getAuthConfigProvider } from "./provider.js";
export type { AuthConfigProviderOptions, GateAuthProvider } from "./provider.js";
