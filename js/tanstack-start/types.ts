import type { AuthServerOptions, AuthState, RequestAuth } from "../ssr/index.js";

/** Options of {@link createStartAuth}: those of `createAuthServer` of `convex-gate/ssr`. */
export interface StartAuthOptions extends Omit<AuthServerOptions, "siteUrl"> {
  /** The app's own public origin. @default the variable `SITE_URL` of this server */
  readonly siteUrl?: string | undefined;
}

/** What `rootAuth` adds to the context of every route. */
export interface RootAuthContext {
  /** Who asks. `unknown` where the deployment gives no answer: neither signed in nor signed out. */
  auth: AuthState;
}

/** The part of a root route's `beforeLoad` argument that is looked at. */
export interface RootAuthArgs {
  /**
   * The router's context. On a server the queries of its `convexQueryClient`, a client of `@convex-dev/react-query` that was
   * made for this request, run as the visitor.
   */
  readonly context?: object | undefined;
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
