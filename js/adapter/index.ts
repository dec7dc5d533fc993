/** `convex-gate/adapter`: the Better Auth database adapter and the store it works on. */
export { createComponentStore } from "./component-store.js";
export type { StoreCtx } from "./component-store.js";
export { createConvexGateAdapter } from "./create-adapter.js";
export type { ConvexGateAdapter, ConvexGateAdapterConfig } from "./create-adapter.js";
export type {
  ConvexGateArguments,
  ConvexGateClause,
  ConvexGateJoin,
  ConvexGateLog,
  ConvexGateMethod,
  ConvexGateOperation,
  ConvexGateResults,
  ConvexGateRules,
  ConvexGateShape,
  ConvexGateSort,
  ConvexGateStep,
  ConvexGateStore,
  ConvexGateStoreRecord,
} from "./store.js";
export type { ConvexGateSearch } from "./search-indexes.js";
export type { RateLimitDecision, RateLimitRule } from "../protocol/rate-limit.js";
export type { RateLimitStore } from "./rate-limit-store.js";
export { tokenStoreOf } from "./token-store.js";
export type { CachedToken, StoredKey, TokenContext, TokenStore } from "./token-store.js";
