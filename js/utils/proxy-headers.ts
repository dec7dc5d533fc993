/**
 * Request headers that a framework's server may pass on to the Convex site. Everything else stays
 * behind: hop-by-hop headers break the upstream connection, `host` and `x-forwarded-host` misroute
 * the request on Convex, `accept-encoding` brings answers that are decoded twice, and forged
 * `x-forwarded-*` headers would be believed.
 */
const requestHeaders: ReadonlySet<string> = new Set([
  ...["accept", "accept-language", "authorization", "content-type", "cookie", "user-agent"],
  ...["origin", "referer", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site"],
  ...["better-auth-cookie", "better-auth-cross-domain-verifier", "x-captcha-response", "dpop"],
]);

/** Request header in which a server of the app names the visitor's address. */
export const VISITOR_IP_HEADER = "x-convex-gate-visitor-ip";

/** Request header by which the routes know that server: the secret of their `trustedProxy`. */
export const PROXY_SECRET_HEADER = "x-convex-gate-proxy-secret";

/**
 * Response headers that must not be passed back: they describe the upstream connection or a body
 * that was decoded.
 */
const upstreamOnly: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer"],
  ...["transfer-encoding", "upgrade", "content-encoding", "content-length"],
]);

/** Changes to the list of {@link proxyRequestHeaders}. */
export interface ProxyHeaderOptions {
  /** Further request headers to pass on, in any case. */
  readonly allow?: readonly string[] | undefined;
  /**
   * Whom the request comes from, for the deployment's rate limits and `session.ipAddress`: the address as your platform
   * knows it, and the secret of `registerRoutes`' `trustedProxy`. Without an address nothing is said.
   */
  readonly visitor?:
    { readonly ip: string | null | undefined; readonly secret: string } | undefined;
}

/** The headers of an incoming request that may be sent on to the Convex site. */
export function proxyRequestHeaders(incoming: Headers, options: ProxyHeaderOptions = {}): Headers {
  const also = new Set(options.allow?.map((name) => name.toLowerCase()));
  const headers = new Headers();
  incoming.forEach((value, name) => {
    if (requestHeaders.has(name) || also.has(name)) headers.set(name, value);
  });
  headers.delete(VISITOR_IP_HEADER);
  headers.delete(PROXY_SECRET_HEADER);
  if (options.visitor?.ip) {
    headers.set(VISITOR_IP_HEADER, options.visitor.ip);
    headers.set(PROXY_SECRET_HEADER, options.visitor.secret);
  }
  return headers;
}

/**
 * The headers of the Convex site's answer that may be sent back. Several `Set-Cookie` headers stay
 * several.
 */
export function proxyResponseHeaders(answer: Headers): Headers {
  const headers = new Headers();
  answer.forEach((value, name) => {
    if (name !== "set-cookie" && !upstreamOnly.has(name)) headers.append(name, value);
  });
  for (const cookie of answer.getSetCookie()) headers.append("set-cookie", cookie);
  return headers;
}
