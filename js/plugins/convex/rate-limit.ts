/** Whether requests are counted, which ones, and where. */
import type { AuthContext, BetterAuthOptions } from "better-auth";
import { readEnv } from "../../auth-config/env.js";
import { isDeployment } from "./deployment-defaults.js";

type RateLimit = NonNullable<BetterAuthOptions["rateLimit"]>;

/**
 * What is not counted unless the app has a rule for it: questions about one's own session and public documents. Nothing
 * can be guessed there, they are most of the traffic, and to count one costs as much as to answer it.
 */
const UNCOUNTED = [
  "/get-session",
  "/convex/token",
  "/convex/get-token",
  "/convex/jwks",
  "/convex/.well-known/openid-configuration",
];

/** `NODE_ENV` where nobody needs protection. The variable is read by its name: a literal is replaced by the Convex CLI. */
const UNPROTECTED = new Set(["development", "dev", "test"]);

/**
 * Rate limits as they have to be on Convex. They are on, on a deployment, unless `rateLimit.enabled` says otherwise or
 * `NODE_ENV` is "development": Better Auth has them on where `NODE_ENV` is "production", which Convex does not set.
 *
 * Better Auth counts in the memory of its process. On Convex that is gone after the request, so requests are counted in
 * the database, unless the app chose where: by `rateLimit.storage`, `rateLimit.customStorage` or a `secondaryStorage`.
 */
export function rateLimits({ options, rateLimit }: Pick<AuthContext, "options" | "rateLimit">): {
  options: Pick<BetterAuthOptions, "rateLimit">;
  context: Pick<AuthContext, "rateLimit">;
} {
  const { secondaryStorage, rateLimit: chosen } = options;
  const settled = {
    enabled: chosen?.enabled ?? (rateLimit.enabled || isProtected()),
    customRules: withUncounted(chosen?.customRules),
    ...(secondaryStorage || chosen?.storage || chosen?.customStorage
      ? {}
      : { storage: "database" as const }),
  };
  // The limiter reads the context, which is made before plugins are asked; everything else reads the options.
  return { options: { rateLimit: settled }, context: { rateLimit: { ...rateLimit, ...settled } } };
}

function isProtected(): boolean {
  return isDeployment() && !UNPROTECTED.has(readEnv("NODE_ENV") ?? "");
}

/** The first rule that matches counts, so the app's own stand in front. */
function withUncounted(own: RateLimit["customRules"] = {}): RateLimit["customRules"] {
  const missing = UNCOUNTED.filter((path) => !(path in own));
  return { ...own, ...Object.fromEntries(missing.map((path) => [path, false as const])) };
}
