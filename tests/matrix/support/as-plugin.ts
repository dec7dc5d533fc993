import type { BetterAuthPlugin } from "better-auth";

/**
 * A plugin whose types are not those of Better Auth's own `BetterAuthPlugin` under `exactOptionalPropertyTypes`, or come
 * from another copy of better-call than Better Auth's: the official packages pin one each.
 */
export function asPlugin(plugin: { id: string }): BetterAuthPlugin {
  return plugin as BetterAuthPlugin;
}
