import type {
  ArgsAndOptions,
  FunctionReference,
  FunctionReturnType,
  OptionalRestArgs,
} from "convex/server";
import type { HttpMutationOptions } from "convex/browser";

/** Options of `createAuthServer`. */
export interface AuthServerOptions {
  /** The deployment's address for clients, such as `https://happy-otter-123.convex.cloud`. */
  readonly convexUrl: string;
  /** The deployment's address for HTTP actions, such as `https://happy-otter-123.convex.site`. */
  readonly convexSiteUrl: string;
  /** The app's own public origin. It is configured, because whoever sends a request chooses the host that it names. */
  readonly siteUrl: string;
  /** Where Better Auth lives, in the app and on the deployment. @default "/api/auth" */
  readonly basePath?: string | undefined;
  /** Better Auth's `advanced.cookiePrefix`. @default "better-auth" */
  readonly cookiePrefix?: string | undefined;
  /** Whole names of cookies, where Better Auth's `advanced.cookies` gives them others; without `__Secure-`. */
  readonly cookieNames?:
    { readonly sessionToken?: string | undefined; readonly jwt?: string | undefined } | undefined;
  /** How long before its end a JWT cookie is no longer used, in seconds. @default 60 */
  readonly renewBeforeSeconds?: number | undefined;
  /**
   * Verifies a JWT cookie before it is used. It throws or rejects where the token does not hold, and a new one is asked for:
   * `(token) => verifyToken(token, { jwks, issuer, audience })` of `convex-gate/jwt`. Without it the cookie is decoded
   * only, and Convex verifies the token.
   */
  readonly verify?: ((token: string) => unknown) | undefined;
  /** What passes requests of browsers on to the deployment. */
  readonly proxy?: ProxyOptions | undefined;
  /** What requests to the deployment are made with. @default the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
}

/** How requests of browsers are passed on. */
export interface ProxyOptions {
  /** Further request headers that the deployment gets. */
  readonly allowHeaders?: readonly string[] | undefined;
  /**
   * By which the deployment believes whom a request comes from: its own `PROXY_SECRET`, at least 32 characters.
   * @default the variable `PROXY_SECRET` of this server
   */
  readonly secret?: string | undefined;
  /** The visitor's address as the platform knows it, not as a header of the visitor says it. */
  readonly clientIp?: ((request: Request) => string | null | undefined) | undefined;
  /** How long the deployment may take until it answers, in ms; its answer's body may take longer. @default 30000 */
  readonly timeoutMs?: number | undefined;
}

/** Whom a request comes from, where the framework knows it. */
export interface ClientIp {
  readonly clientIp?: string | null | undefined;
}

/** What is known of a request that is passed on. */
export interface HandlerOptions extends ClientIp {
  /**
   * Where the request's path has the endpoints, if the framework has taken the app's own base path off it.
   * @default the `basePath` of `createAuthServer`
   */
  readonly mountedAt?: string | undefined;
}

/** What is known of one request. */
export interface RequestOptions extends ClientIp {
  /**
   * Whether `setCookies()` will be sent. If not, as in React's Server Components, the session is not renewed on the way:
   * a renewal that the browser does not hear of is lost.
   * @default true
   */
  readonly canSetCookies?: boolean | undefined;
}

/** Auth for a server that renders an app. */
export interface AuthServer {
  /**
   * Passes a request under the base path on to the deployment and its answer back, streamed both ways. Answers 404 to
   * any other path, 502 with the code `AUTH_UNAVAILABLE` where the deployment cannot be reached and 504 where it takes
   * too long.
   */
  handler(request: Request, more?: HandlerOptions): Promise<Response>;
  /** Auth of one request: make it once for each, and share it with all that the request renders. */
  forRequest(headers: Headers, more?: RequestOptions): RequestAuth;
}

/** Who is signed in, as far as is known. Serialisable; the words are those of `useGateStatus().session`. */
export type AuthState =
  | { readonly session: "signedIn"; readonly token: string }
  | { readonly session: "signedOut"; readonly token: null }
  /** The deployment gave no answer: nobody is signed out by that. */
  | { readonly session: "unknown"; readonly token: null };

/** Auth of one request. At most one token is asked for, however many ask at the same time. */
export interface RequestAuth {
  /** Who is signed in. Never throws. */
  getState(): Promise<AuthState>;
  /**
   * The token for Convex, null when nobody is signed in. `fresh` asks for one that was made just now.
   * Throws GateError `AUTH_UNAVAILABLE` when that is not known: what the deployment answered instead is `meta.status`, and
   * where there was no answer `cause` says why.
   */
  getToken(options?: { readonly fresh?: boolean }): Promise<string | null>;
  /**
   * Whether somebody is signed in, as far as the cookies tell, which anybody can write: Convex verifies the token with each
   * call, and `verify` would here. Throws GateError `AUTH_UNAVAILABLE` when that is not known.
   */
  isAuthenticated(): Promise<boolean>;
  /**
   * Runs a query as the request's user, or as nobody. Where Convex refuses the token a fresh one is tried, once. Throws
   * what the function throws, and GateError `AUTH_UNAVAILABLE` where the deployment gives no answer.
   */
  fetchQuery<Query extends FunctionReference<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ): Promise<FunctionReturnType<Query>>;
  /** The same for a mutation. A refused token is refused before anything runs, and nothing else is tried again. */
  fetchMutation<Mutation extends FunctionReference<"mutation">>(
    mutation: Mutation,
    ...args: ArgsAndOptions<Mutation, HttpMutationOptions>
  ): Promise<FunctionReturnType<Mutation>>;
  /** The same for an action. */
  fetchAction<Action extends FunctionReference<"action">>(
    action: Action,
    ...args: OptionalRestArgs<Action>
  ): Promise<FunctionReturnType<Action>>;
  /** Each `Set-Cookie` that the deployment sent so far: append them to the response. */
  setCookies(): readonly string[];
}
