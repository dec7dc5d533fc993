/** Whether requests are counted, which ones, and where. */
import type { AuthContext, BetterAuthOptions } from "better-auth";
import { DAY, expiryOf } from "../../adapter/expiring.js";
import { rateLimitStoreOf } from "../../adapter/rate-limit-store.js";
import { readEnv } from "../../auth-config/env.js";
import { UNCOUNTED } from "../shared/uncounted.js";
import { isDeployment } from "./deployment-defaults.js";

type RateLimit = NonNullable<BetterAuthOptions["rateLimit"]>;
type Context = Pick<AuthContext, "adapter" | "options" | "rateLimit">;

/**
 * `NODE_ENV` where nobody needs protection: what Better Auth (1.7, `isDevelopment` and `isTest`) takes for development or a
 * test. The variable is read by its name: a literal is replaced by the Convex CLI.
 */
const UNPROTECTED = new Set(["development", "dev", "test"]);

/**
 * Rate limits as they have to be on Convex. They are on, on a deployment, unless `rateLimit.enabled` says otherwise or
 * `NODE_ENV` says development or a test: Better Auth has them on where it is "production", which Convex does not set.
 *
 * Better Auth counts in the memory of its process. On Convex that is gone after the request, so requests are counted in
 * the database, unless the app chose where: by `rateLimit.storage`, `rateLimit.customStorage` or a `secondaryStorage`.
 */
export function rateLimits(context: Context): {
  options: Pick<BetterAuthOptions, "rateLimit">;
  context: Pick<AuthContext, "rateLimit">;
} {
  const { options, rateLimit } = context;
  const settled = {
    enabled: options.rateLimit?.enabled ?? (rateLimit.enabled || isProtected()),
    customRules: withUncounted(options.rateLimit?.customRules),
    ...storage(context),
  };
  // The limiter reads the context, which is made before plugins are asked; everything else reads the options.
  return { options: { rateLimit: settled }, context: { rateLimit: { ...rateLimit, ...settled } } };
}

/**
 * Where requests are counted, unless the app chose another place. In the database Better Auth reads a counter in one call
 * and changes it in another; the component does both in one, on the same rows. It knows them by their own names only, so
 * an app that gave them others, or has an adapter of its own, is left to Better Auth.
 */
function storage(context: Context): { storage?: "database" } & Pick<RateLimit, "customStorage"> {
  const { secondaryStorage, rateLimit: chosen = {} } = context.options;
  const chosenStorage = chosen.storage ?? (secondaryStorage && "secondary-storage");
  if (chosen.customStorage || (chosenStorage ?? "database") !== "database") return {};
  const counters = isRenamed(chosen) ? undefined : rateLimitStoreOf(context.adapter);
  if (!counters) return { storage: "database" };
  const keep = keepOf(context);
  return {
    storage: "database",
    customStorage: { consume: (key, rule) => counters.consume(key, rule, keep) },
  };
}

function isRenamed({ modelName = "rateLimit", fields = {} }: RateLimit): boolean {
  const names = Object.entries(fields).filter(([, column]) => column !== undefined);
  return modelName !== "rateLimit" || names.some(([field, column]) => field !== column);
}

/**
 * For how many ms an idle counter stays: for a day, as what is over elsewhere, or as long as the longest window that any
 * rule has. A rule that is a function may give any, so with one it is as long as the scheduled clean-up takes them to be.
 */
function keepOf({ options: { plugins = [], rateLimit: chosen }, rateLimit }: Context): number {
  const own = Object.values(chosen?.customRules ?? {});
  if (own.some((rule) => typeof rule === "function")) return expiryOf("rateLimit")?.keep ?? DAY;
  const rules = [rateLimit, ...plugins.flatMap((plugin) => plugin.rateLimit ?? []), ...own];
  const windows = rules.map((rule) => (typeof rule === "object" ? rule.window * 1000 : 0));
  return Math.max(DAY, ...windows.filter(Number.isFinite));
}

function isProtected(): boolean {
  return isDeployment() && !UNPROTECTED.has(readEnv("NODE_ENV") ?? "");
}

/** The first rule that matches counts, so the app's own stand in front. */
function withUncounted(own: RateLimit["customRules"] = {}): RateLimit["customRules"] {
  const missing = UNCOUNTED.filter((path) => !(path in own));
  return { ...own, ...Object.fromEntries(missing.map((path) => [path, false as const])) };
}
