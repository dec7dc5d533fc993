import type { BetterAuthClientPlugin } from "better-auth/client";
import type { ConvexPlugin } from "../../plugins/convex/index.js";
import { signOutWatchOf } from "../sign-out-watch.js";

/** The plugin that `convexClient()` returns. */
export interface ConvexClientPlugin {
  id: "convex";
  $InferServerPlugin: ConvexPlugin;
  pathMethods: { "/convex/token": "GET"; "/convex/jwks": "GET" };
  getActions: (clientFetch: ClientFetch) => Record<never, never>;
  fetchPlugins: NonNullable<BetterAuthClientPlugin["fetchPlugins"]>;
}

type ClientFetch = Parameters<NonNullable<BetterAuthClientPlugin["getActions"]>>[0];

/**
 * The Better Auth client plugin beside `convex()`: types `authClient.convex.token()`, asks with GET, and lets
 * `ConvexBetterAuthProvider` end protected queries before a sign-out is sent.
 * Imported from `convex-gate/client/plugins`.
 */
export function convexClient(): ConvexClientPlugin {
  let clientFetch: object | undefined;
  return {
    id: "convex",
    $InferServerPlugin: {} as ConvexPlugin,
    pathMethods: { "/convex/token": "GET", "/convex/jwks": "GET" },
    getActions(ownFetch) {
      clientFetch = ownFetch;
      return {};
    },
    fetchPlugins: [
      {
        id: "convex-gate-sign-out",
        name: "convex-gate sign-out",
        init(url, options) {
          if (!clientFetch || !isSignOut(url)) return { url, ...(options ? { options } : {}) };
          const watch = signOutWatchOf(clientFetch);
          const send = options?.customFetchImpl ?? fetch;
          return {
            url,
            options: {
              ...options,
              customFetchImpl: (input: string | URL | Request, init?: RequestInit) =>
                watch.around(() => send(input, init)),
            },
          };
        },
      },
    ],
  };
}

function isSignOut(url: string): boolean {
  return /\/sign-out(?:[?#]|$)/.test(url);
}
