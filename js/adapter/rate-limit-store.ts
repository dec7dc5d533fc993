/** How the `convex()` plugin counts requests in the component, past Better Auth's adapter. */
import type { RateLimitDecision, RateLimitRule } from "../protocol/rate-limit.js";
import { carriedBy } from "./carried.js";

/** The counters of the component, in the rows that Better Auth's own database storage keeps. */
export interface RateLimitStore {
  /**
   * Counts one request against a key, or refuses it and writes nothing. Now and then a new key takes counters away that
   * were idle for `keep` ms, and never one whose window, by this rule, has not ended.
   */
  consume(key: string, rule: RateLimitRule, keep: number): Promise<RateLimitDecision>;
}

/** The counters of a Better Auth adapter; undefined for one that is not convex-gate's or cannot write. */
export function rateLimitStoreOf(adapter: unknown): RateLimitStore | undefined {
  return carriedBy(adapter, "rateLimits") as RateLimitStore | undefined;
}
