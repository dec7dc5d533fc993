/** `createStartAuth` on a server. Never part of what browsers load. */
import { appendResponseHeader, getRequest, getRequestIP } from "@tanstack/react-start/server";
import type { RequestAuth } from "../ssr/index.js";
import { createAuthServer } from "../ssr/index.js";
import type { StartAuth, StartAuthOptions } from "./types.js";

export function createServerAuth(options: StartAuthOptions): StartAuth {
  const server = createAuthServer(options);
  // Start gives the same object through a request, and another one of headers each time (1.169).
  const byRequest = new WeakMap<Request, Visitor>();

  function visitor(): Visitor {
    const request = getRequest();
    const known = byRequest.get(request);
    if (known) return known;
    const auth = server.forRequest(request.headers, { canSetCookies: true, ...address() });
    const made: Visitor = { auth, sent: 0 };
    byRequest.set(request, made);
    return made;
  }

  /** Does something as the visitor, and puts what that sets on the response. */
  async function as<T>(work: (auth: RequestAuth) => Promise<T>): Promise<T> {
    const who = visitor();
    try {
      return await work(who.auth);
    } finally {
      const cookies = who.auth.setCookies();
      for (const cookie of cookies.slice(who.sent)) appendResponseHeader("set-cookie", cookie);
      who.sent = cookies.length;
    }
  }

  return {
    handler: (request) => server.handler(request, address()),
    getState: () => as((auth) => auth.getState()),
    getToken: (how) => as((auth) => auth.getToken(how)),
    isAuthenticated: () => as((auth) => auth.isAuthenticated()),
    fetchAuthQuery: (...call) => as((auth) => auth.fetchQuery(...call)),
    fetchAuthMutation: (...call) => as((auth) => auth.fetchMutation(...call)),
    fetchAuthAction: (...call) => as((auth) => auth.fetchAction(...call)),
    async rootAuth({ context }) {
      const state = await as((auth) => auth.getState());
      if (state.session === "signedIn")
        context?.convexQueryClient?.serverHttpClient?.setAuth(state.token);
      return { auth: state };
    },
  };
}

interface Visitor {
  readonly auth: RequestAuth;
  /** How many of its cookies the response has. */
  sent: number;
}

/** The visitor's address, where the server under Start tells it. */
function address(): { clientIp: string | null } {
  return { clientIp: getRequestIP() ?? null };
}
