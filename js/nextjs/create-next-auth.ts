import type { FunctionReference, OptionalRestArgs } from "convex/server";
import { headers } from "next/headers.js";
import { normalizeBasePath } from "../auth-config/base-path.js";
import type {
  AuthServer,
  AuthServerOptions,
  ProxyOptions as PassOnOptions,
  RequestAuth,
} from "../ssr/index.js";
import { createAuthServer } from "../ssr/index.js";
import type { PreloadedAuthQuery } from "./preload.js";
import { preload } from "./preload.js";
import type { NextProxy, ProxyOptions } from "./proxy.js";
import { createProxy } from "./proxy.js";

/** Options of {@link createNextAuth}: those of `createAuthServer`, with addresses that may come from variables. */
export interface NextAuthOptions extends Omit<
  AuthServerOptions,
  "convexUrl" | "convexSiteUrl" | "siteUrl" | "proxy"
> {
  /** The deployment's address for clients. @default the variable `NEXT_PUBLIC_CONVEX_URL` */
  readonly convexUrl?: string | undefined;
  /** The deployment's address for HTTP actions. @default the variable `NEXT_PUBLIC_CONVEX_SITE_URL` */
  readonly convexSiteUrl?: string | undefined;
  /** The app's public origin. @default the variable `SITE_URL` */
  readonly siteUrl?: string | undefined;
  /**
   * The visitor's address, of a header that your platform sets and visitors cannot: on Vercel
   * `(headers) => headers.get("x-real-ip")`. Without it, or without `PROXY_SECRET`, all visitors share one rate limit.
   */
  readonly clientIp?: ((headers: Headers) => string | null | undefined) | undefined;
  /** What passes requests of browsers on to the deployment. */
  readonly proxy?: Omit<PassOnOptions, "clientIp"> | undefined;
}

/** The functions of a route, `app/api/auth/[...all]/route.ts`. */
export type NextHandler = Readonly<
  Record<
    "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS",
    (request: Request) => Promise<Response>
  >
>;

/**
 * Auth on the server of a Next.js app. All but `handler` and `proxy` are for Server Components, Server Functions and Route
 * Handlers: they read the headers of the request, and ask for one token at most, however many components call them.
 */
export interface NextAuth extends Pick<RequestAuth, "getToken" | "isAuthenticated" | "getState"> {
  /** Passes `/api/auth` on to the deployment: `export const { GET, POST, PUT, PATCH, DELETE } = auth.handler`. */
  readonly handler: NextHandler;
  /** Makes a proxy (`proxy.ts`; in Next 15 `middleware.ts`), which renews the token before it ends, and can gate paths. */
  readonly proxy: (options?: ProxyOptions) => NextProxy;
  /**
   * Asks a query as the signed-in user, for a Client Component that goes on with `usePreloadedAuthQuery`. Where nobody is
   * signed in, or nobody answers, it holds no value and does not throw. Throws what the query throws otherwise.
   */
  readonly preloadAuthQuery: <Query extends FunctionReference<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ) => Promise<PreloadedAuthQuery<Query>>;
  /** Runs a query as the signed-in user, see `RequestAuth.fetchQuery`. */
  readonly fetchAuthQuery: RequestAuth["fetchQuery"];
  /** Runs a mutation as the signed-in user, see `RequestAuth.fetchMutation`. */
  readonly fetchAuthMutation: RequestAuth["fetchMutation"];
  /** Runs an action as the signed-in user, see `RequestAuth.fetchAction`. */
  readonly fetchAuthAction: RequestAuth["fetchAction"];
}

/**
 * Makes the auth of a Next.js server, once, in a module that pages, the route and the proxy import. Nothing is read before
 * it is needed: an app is built without its variables. Then GateError `INVALID_OPTION` names what is missing.
 */
export function createNextAuth(options: NextAuthOptions = {}): NextAuth {
  let made: AuthServer | undefined;
  const server = (): AuthServer => (made ??= createAuthServer(withVariables(options)));
  const clientIp = (of: Headers): string | null => options.clientIp?.(of) ?? null;

  // Next gives all that takes part in a request the same headers.
  const requests = new WeakMap<object, RequestAuth>();
  async function current(): Promise<RequestAuth> {
    const incoming = await headers();
    const known = requests.get(incoming);
    if (known) return known;
    // Server Components cannot set cookies; where others could, the proxy has.
    const more = { canSetCookies: false, clientIp: clientIp(incoming) };
    const auth = server().forRequest(incoming, more);
    requests.set(incoming, auth);
    return auth;
  }

  const basePath = normalizeBasePath(options.basePath);
  const passOn = async (request: Request): Promise<Response> =>
    server().handler(request, {
      clientIp: clientIp(request.headers),
      mountedAt: mountedAt(basePath, request.url),
    });
  return {
    handler: {
      GET: passOn,
      POST: passOn,
      PUT: passOn,
      PATCH: passOn,
      DELETE: passOn,
      HEAD: passOn,
      OPTIONS: passOn,
    },
    proxy: (gate = {}) => createProxy(server, basePath, clientIp, gate),
    getState: async () => (await current()).getState(),
    getToken: async (how) => (await current()).getToken(how),
    isAuthenticated: async () => (await current()).isAuthenticated(),
    preloadAuthQuery: async (query, ...args) => preload(await current(), query, ...args),
    fetchAuthQuery: async (query, ...args) => (await current()).fetchQuery(query, ...args),
    fetchAuthMutation: async (mutation, ...args) =>
      (await current()).fetchMutation(mutation, ...args),
    fetchAuthAction: async (action, ...args) => (await current()).fetchAction(action, ...args),
  };
}

/**
 * How much of the endpoints' base path a request's path has: Next (16.4) takes its own `basePath` off the paths of Route
 * Handlers, and does not tell them what that was.
 */
function mountedAt(basePath: string, url: string): string | undefined {
  const { pathname } = new URL(url);
  const steps = basePath.split("/").slice(1);
  const ends = steps.map((_, index) => `/${steps.slice(index).join("/")}`);
  return ends.find((end) => pathname.startsWith(`${end}/`));
}

/** Next's compiler puts the values of `NEXT_PUBLIC_…` in where they are written out like this. */
function withVariables({ clientIp: _ours, ...options }: NextAuthOptions): AuthServerOptions {
  return {
    ...options,
    convexUrl: options.convexUrl ?? process.env["NEXT_PUBLIC_CONVEX_URL"] ?? "",
    convexSiteUrl: options.convexSiteUrl ?? process.env["NEXT_PUBLIC_CONVEX_SITE_URL"] ?? "",
    siteUrl: options.siteUrl ?? process.env["SITE_URL"] ?? "",
  };
}
