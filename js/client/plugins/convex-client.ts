import type { BetterAuthClientPlugin } from "better-auth/client";
import type { ConvexPlugin } from "../../plugins/convex/index.js";
import { toldToken, TOKEN_PARAMETER } from "../../plugins/shared/session-token.js";
import { sessionTokensOf } from "../session-tokens.js";
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
 * The Better Auth client plugin beside `convex()`: types `authClient.convex.token()`, asks with GET, lets the answer about the
 * session bring its token with it, and tells `ConvexBetterAuthProvider` what is being sent: protected queries end before a
 * sign-out, and nobody is taken for signed out while a request may be replacing the session.
 * Imported from `convex-gate/client/plugins`.
 */
export function convexClient(): ConvexClientPlugin {
  let clientFetch: object | undefined;
  const askedAt = new WeakMap<object, number>();
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
          if (!clientFetch) return { url, ...(options ? { options } : {}) };
          if (options?.method === "GET")
            return { url, options: isForToken(url, clientFetch) ? withToken(options) : options };
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
        hooks: {
          onRequest: (request) => void askedAt.set(request, Date.now()),
          onSuccess({ data, response, request }) {
            const told = toldToken(response.headers);
            if (!told || !clientFetch) return;
            const sentAt = askedAt.get(request) ?? Date.now();
            sessionTokensOf(clientFetch).came = {
              ...told,
              askedAt: sentAt,
              body: JSON.stringify(data),
            };
          },
        },
      },
    ],
  };
}

/** On a server nobody takes the token. */
function isForToken(url: string, clientFetch: object): boolean {
  const isInPage = typeof window !== "undefined" && url === "/get-session";
  return isInPage && sessionTokensOf(clientFetch).isWanted?.() !== false;
}

function withToken<Options extends { query?: unknown }>(options: Options): Options {
  return { ...options, query: { ...Object(options.query), [TOKEN_PARAMETER]: "true" } };
}

function isSignOut(url: string): boolean {
  return /\/sign-out(?:[?#]|$)/.test(url);
}
