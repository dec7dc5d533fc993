/** Where rate limits are counted. */
import type { AuthContext, BetterAuthOptions } from "better-auth";

/**
 * Better Auth counts requests in the memory of its process. On Convex that is gone after the request, so they are
 * counted in the database, unless the app chose where: by `rateLimit.storage`, `rateLimit.customStorage` or a
 * `secondaryStorage`.
 */
export function ratesInDatabase({
  options,
  rateLimit,
}: Pick<AuthContext, "options" | "rateLimit">): {
  options?: Pick<BetterAuthOptions, "rateLimit">;
  context?: Pick<AuthContext, "rateLimit">;
} {
  const { secondaryStorage, rateLimit: chosen } = options;
  if (secondaryStorage || chosen?.storage || chosen?.customStorage) return {};
  const storage = "database";
  // The limiter reads the context, which is made before plugins are asked; everything else reads the options.
  return {
    options: { rateLimit: { storage } },
    context: { rateLimit: { ...rateLimit, storage } },
  };
}
