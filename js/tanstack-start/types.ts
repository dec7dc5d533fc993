import type { AuthServerOptions, AuthState, RequestAuth } from "../ssr/index.js";

/** Options of {@link createStartAuth}: those of `createAuthServer` of `convex-gate/ssr`. */
export type StartAuthOptions = AuthServerOptions;

/** What `rootAuth` adds to the context of every route. */
export interface RootAuthContext {
  /** Who asks. `unknown` where the deployment gives no answer: neither signed in nor signed out. */
  auth: AuthState;
}

/** The part of a root route's `beforeLoad` argument that is looked at. */
export interface RootAuthArgs {
  readonly context?:
    | {
        /** The client of `@convex-dev/react-query`, made for this request: on a server its queries run as the visitor. */
        readonly convexQueryClient?:
          { readonly serverHttpClient?: { setAuth(token: string): void } | undefined } | undefined;
      }
    | undefined;
}

/** Auth in a TanStack Start app. All but `rootAuth` is for code that runs on the server. */
export interface StartAuth {
  /** Answers `/api/auth/*`, for the handlers of a server route: `ANY: ({ request }) => auth.handler(request)`. */
  readonly handler: (request: Request) => Promise<Response>;
  /** Who sent the request. Never throws. */
  readonly getState: RequestAuth["getState"];
  /** @throws GateError `AUTH_UNAVAILABLE` where the deployment gives no answer. */
  readonly getToken: RequestAuth["getToken"];
  /** @throws GateError `AUTH_UNAVAILABLE` where the deployment gives no answer. */
  readonly isAuthenticated: RequestAuth["isAuthenticated"];
  readonly fetchAuthQuery: RequestAuth["fetchQuery"];
  readonly fetchAuthMutation: RequestAuth["fetchMutation"];
  readonly fetchAuthAction: RequestAuth["fetchAction"];
  /**
   * `beforeLoad` of the root route. On the server it gives what the request's cookies say, at the cost of one request at
   * most; in the browser what the page knows, at the cost of none.
   */
  readonly rootAuth: (args: RootAuthArgs) => Promise<RootAuthContext>;
}
