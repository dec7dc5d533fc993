import type { BetterAuthClientPlugin } from "better-auth/client";
import type { ConvexPlugin } from "../../plugins/convex/index.js";

/** The plugin that `convexClient()` returns. */
export interface ConvexClientPlugin extends BetterAuthClientPlugin {
  id: "convex";
  $InferServerPlugin: ConvexPlugin;
  pathMethods: { "/convex/token": "GET"; "/convex/jwks": "GET" };
}

/**
 * The Better Auth client plugin beside `convex()`: types `authClient.convex.token()` and asks with GET.
 * Imported from `convex-gate/client/plugins`.
 */
export function convexClient(): ConvexClientPlugin {
  return {
    id: "convex",
    $InferServerPlugin: {} as ConvexPlugin,
    pathMethods: { "/convex/token": "GET", "/convex/jwks": "GET" },
  };
}
