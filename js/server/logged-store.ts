import type { ConvexGateStore } from "../adapter/index.js";

/**
 * A store that logs each operation's method, model and filtered fields. Never values: they hold tokens and password
 * hashes, which Better Auth's own adapter debug logs would print.
 */
export function loggedIf(verbose: boolean | undefined, store: ConvexGateStore): ConvexGateStore {
  if (verbose !== true) return store;
  const { rateLimits } = store;
  return {
    ...store,
    ...(rateLimits && {
      rateLimits: {
        consume(...args) {
          console.info("[convex-gate] consume rateLimit where key");
          return rateLimits.consume(...args);
        },
      },
    }),
    run(method, args) {
      const fields = "where" in args ? (args.where ?? []).map(({ field }) => field) : [];
      const filter = fields.length > 0 ? ` where ${fields.join(", ")}` : "";
      console.info(`[convex-gate] ${method} ${args.model}${filter}`);
      return store.run(method, args);
    },
  };
}
