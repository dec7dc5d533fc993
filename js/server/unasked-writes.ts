/** What plugins write without having been asked to, left out in Convex queries, which would fail with it. */
import type { AuthContext, BetterAuthPlugin } from "better-auth";

/**
 * - `jwt()` adds a token to every answer about the session, in a header that a function does not look at, and makes a key
 *   for it where there is none, or none that is young enough.
 * - `oauthProvider()`, and `mcp()`, which is one, write the resources of their options when an instance begins. The next one
 *   that is no query does so.
 */
export function withoutUnaskedWrites(plugin: BetterAuthPlugin): BetterAuthPlugin {
  switch (plugin.id) {
    case "jwt":
      return { ...plugin, hooks: { ...plugin.hooks, after: [] } };
    case "oauth-provider": {
      const { init } = plugin;
      return init ? { ...plugin, init: (context) => init(withResources(context)) } : plugin;
    }
    default:
      return plugin;
  }
}

/** A context in which every resource is there already. */
function withResources(context: AuthContext): AuthContext {
  const adapter = {
    ...context.adapter,
    findOne: () => Promise.resolve({}),
    update: () => Promise.resolve(null),
  };
  return Object.create(context, { adapter: { value: adapter } }) as AuthContext;
}
