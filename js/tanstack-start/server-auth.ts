/** `createStartAuth` on a server. Never part of what browsers load. */
import {
  appendResponseHeader,
  getRequest,
  getRequestIP,
  getResponseHeader,
  setResponseHeader,
} from "@tanstack/react-start/server";
import { readEnv } from "../auth-config/env.js";
import type { AuthServer, RequestAuth } from "../ssr/index.js";
import { cacheControlFor } from "../ssr/caching.js";
import { createAuthServer } from "../ssr/index.js";
import { keepCookiesApart } from "./set-cookies.js";
import type { StartAuth, StartAuthOptions } from "./types.js";

export function createServerAuth(options: StartAuthOptions): StartAuth {
  let made: AuthServer | undefined;
  // An app is built, and starts, without its variables: what is missing is told by the first request.
  const server = (): AuthServer =>
    (made ??= createAuthServer({
      ...options,
      siteUrl: options.siteUrl ?? readEnv("SITE_URL") ?? "",
    }));
  // Start gives the same object through a request, and another one of headers each time (1.169).
  const byRequest = new WeakMap<Request, Visitor>();

  /** The visitor's address, as the app says it, or else as the server under Start does. */
  function address(request: Request): { clientIp: string | null } {
    return { clientIp: options.proxy?.clientIp?.(request) ?? getRequestIP() ?? null };
  }

  function visitor(): Visitor {
    const request = getRequest();
    const known = byRequest.get(request);
    if (known) return known;
    const auth = server().forRequest(request.headers, { canSetCookies: true, ...address(request) });
    const fresh: Visitor = { auth, sent: 0 };
    keepCookiesApart(request);
    byRequest.set(request, fresh);
    return fresh;
  }

  /** Does something as the visitor, and puts what that sets on the response. */
  async function as<T>(work: (auth: RequestAuth) => Promise<T>): Promise<T> {
    const who = visitor();
    try {
      return await work(who.auth);
    } finally {
      const { session } = await who.auth.getState();
      const cookies = who.auth.setCookies().slice(who.sent);
      who.sent += cookies.length;
      for (const cookie of cookies) appendResponseHeader("set-cookie", cookie);
      const caching = cacheControlFor({
        present: getResponseHeader("cache-control"),
        isSignedIn: session === "signedIn",
        setsCookies: cookies.length > 0,
      });
      if (caching !== undefined) setResponseHeader("cache-control", caching);
    }
  }

  return {
    async handler(request) {
      keepCookiesApart(request);
      return await server().handler(request, address(request));
    },
    getState: () => as((auth) => auth.getState()),
    getToken: (how) => as((auth) => auth.getToken(how)),
    isAuthenticated: () => as((auth) => auth.isAuthenticated()),
    fetchAuthQuery: (...call) => as((auth) => auth.fetchQuery(...call)),
    fetchAuthMutation: (...call) => as((auth) => auth.fetchMutation(...call)),
    fetchAuthAction: (...call) => as((auth) => auth.fetchAction(...call)),
    async rootAuth({ context }) {
      const state = await as((auth) => auth.getState());
      const { convexQueryClient }: RouterContext = context ?? {};
      if (state.session !== "signedIn") return { auth: state };
      convexQueryClient?.serverHttpClient?.setAuth(state.token);
      return { auth: state };
    },
  };
}

/** What is looked for in a router's context, which may be of any type. */
interface RouterContext {
  readonly convexQueryClient?: {
    readonly serverHttpClient?: { setAuth(token: string): void } | undefined;
  };
}

interface Visitor {
  readonly auth: RequestAuth;
  /** How many of its cookies the response has. */
  sent: number;
}
