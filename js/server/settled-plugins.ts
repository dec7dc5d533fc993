/** Plugins of Better Auth that do more than Convex has room for, each in a copy that leaves it out. */
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { discoveringLate } from "./late-discovery.js";
import { withoutUnaskedWrites } from "./unasked-writes.js";

/** What the ctx of an instance can do. */
export interface Abilities {
  /** False in a query. */
  readonly writes: boolean;
  /** True in an action. */
  readonly fetches: boolean;
}

/** The plugin that a copy was made of: an app may make several instances with the same options. */
const originals = new WeakMap<BetterAuthPlugin, BetterAuthPlugin>();

/** Exchanges plugins in the options that Better Auth hands to its database, which it goes by only afterwards (1.7). */
export function settlePlugins(options: BetterAuthOptions, able: Abilities): void {
  const { plugins } = options;
  if (!plugins) return;
  const settled = plugins.map((given) => {
    const plugin = originals.get(given) ?? given;
    const late = discoveringLate(plugin, able);
    const copy = able.writes ? late : withoutUnaskedWrites(late);
    if (copy !== plugin) originals.set(copy, plugin);
    return copy;
  });
  // An app may have frozen its options; then they stay as they are.
  if (settled.some((plugin, n) => plugin !== plugins[n])) Reflect.set(options, "plugins", settled);
}
