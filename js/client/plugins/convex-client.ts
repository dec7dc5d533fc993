import type { BetterAuthClientPlugin } from "better-auth/client";
import type { ConvexPlugin } from "../../plugins/convex/index.js";
import { signOutWatchOf } from "../sign-out-watch.js";
import { writeWatchOf } from "../write-watch.js";

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
 * The Better Auth client plugin beside `convex()`: types `authClient.convex.token()`, asks with GET, and tells
 * `ConvexBetterAuthProvider` what is being sent: protected queries end before a sign-out, and nobody is taken for signed
 * out while a request may be replacing the session.
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
        id: "convex-gate-watch",
        name: "convex-gate watch",
        init(url, options) {
          const isRead = options?.method === "GET";
          if (!clientFetch || isRead) return { url, ...(options ? { options } : {}) };
          const watch = isSignOut(url) ? signOutWatchOf(clientFetch) : writeWatchOf(clientFetch);
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
