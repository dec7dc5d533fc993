/** A rule for requests, and what one request is told. */

/** How many requests a window has, as Better Auth's rules say it. */
export interface RateLimitRule {
  /** The length of the window, in seconds. */
  window: number;
  /** Requests in one window. */
  max: number;
}

/** What Better Auth (1.7) asks of `rateLimit.customStorage.consume`. */
export interface RateLimitDecision {
  allowed: boolean;
  /** Seconds until the next request is allowed; null for one that is. */
  retryAfter: number | null;
}
