import { CLIENT_IP_HEADER } from "./client-ip-header.js";

/**
 * Request headers that a framework's server may pass on to the Convex site. Everything else stays
 * behind: hop-by-hop headers break the upstream connection, `host` and `x-forwarded-host` misroute
 * the request on Convex, `accept-encoding` brings answers that are decoded twice, and forged
 * `x-forwarded-*` headers would be believed.
 */
const requestHeaders: ReadonlySet<string> = new Set([
  ...["accept", "accept-language", "authorization", "content-type", "cookie", "user-agent"],
  ...["origin", "referer", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site"],
  ...["if-none-match", "traceparent", "dpop", "x-api-key", "x-captcha-response"],
  // Better Auth's `sentinelClient()` (0.4).
  ...["x-pow-solution", "x-request-id", "x-visitor-id"],
  // Better Auth's Expo client and its OAuth proxy; payment providers' webhooks, which sign what they send.
  ...["expo-origin", "x-skip-oauth-proxy", "stripe-signature", "creem-signature"],
  ...["better-auth-cookie", "better-auth-cross-domain-verifier"],
  // What a preflight request asks.
  ...["access-control-request-method", "access-control-request-headers"],
]);

/**
 * Response headers that must not be passed back: they describe the upstream connection, its host, or a body that was
 * decoded.
 */
const upstreamOnly: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer"],
  ...["transfer-encoding", "upgrade", "content-encoding", "content-length"],
  ...["alt-svc", "strict-transport-security"],
]);

/** Changes to the list of {@link proxyRequestHeaders}. */
export interface ProxyHeaderOptions {
  /** Further request headers to pass on, in any case. */
  readonly allow?: readonly string[] | undefined;
  /**
   * Whom the request comes from, for the deployment's rate limits and `session.ipAddress`: the address as your platform
   * knows it, signed by `signClientIp`. Without it nothing is said.
   */
  readonly signedClientIp?: string | undefined;
}

/** The headers of an incoming request that may be sent on to the Convex site. */
export function proxyRequestHeaders(incoming: Headers, options: ProxyHeaderOptions = {}): Headers {
  const also = new Set(options.allow?.map((name) => name.toLowerCase()));
  const headers = new Headers();
  incoming.forEach((value, name) => {
    if (requestHeaders.has(name) || also.has(name)) headers.set(name, value);
  });
  headers.delete(CLIENT_IP_HEADER);
  if (options.signedClientIp) headers.set(CLIENT_IP_HEADER, options.signedClientIp);
  return headers;
}

/**
 * The headers of the Convex site's answer that may be sent back. Several `Set-Cookie` headers stay
 * several.
 */
export function proxyResponseHeaders(answer: Headers): Headers {
  // What a server names here is about its connection, too (RFC 9110 section 7.6.1).
  const connection = (answer.get("connection") ?? "").toLowerCase();
  const named = connection.split(",").map((name) => name.trim());
  const headers = new Headers();
  answer.forEach((value, name) => {
    if (name !== "set-cookie" && !upstreamOnly.has(name) && !named.includes(name))
      headers.append(name, value);
  });
  for (const cookie of answer.getSetCookie()) headers.append("set-cookie", cookie);
  return headers;
}
