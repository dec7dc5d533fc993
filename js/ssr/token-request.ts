import { getTokenExpiry } from "../client/token-expiry.js";
import { CLIENT_IP_HEADER } from "../utils/client-ip-header.js";
import type { Settings } from "./settings.js";
import type { AuthState, RequestOptions } from "./types.js";

/** A page waits no longer than this for its token. */
const TIMEOUT_MS = 8_000;

/** What the token endpoint answered, and the cookies that came along. */
export interface TokenAnswer {
  readonly state: AuthState;
  readonly cookies: readonly string[];
}

/**
 * Asks the deployment for the token of the request's session. Only the endpoint's own 401 means that nobody is signed in:
 * a page of a proxy, a refusal for too many requests or no answer tell nothing.
 */
export async function requestToken(
  settings: Settings,
  incoming: Headers,
  { fresh, canSetCookies = true, clientIp }: RequestOptions & { fresh: boolean },
): Promise<TokenAnswer> {
  const url = new URL(`${settings.convexSiteUrl}${settings.basePath}/convex/token`);
  if (fresh) url.searchParams.set("fresh", "true");
  if (!canSetCookies) url.searchParams.set("disableRefresh", "true");
  const headers = new Headers({ accept: "application/json" });
  for (const name of ["cookie", "authorization"]) {
    const value = incoming.get(name);
    if (value !== null) headers.set(name, value);
  }
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
  try {
    const signedIp = await settings.signIp(clientIp);
    if (signedIp !== undefined) headers.set(CLIENT_IP_HEADER, signedIp);
    const response = await settings.fetch(url.href, {
      headers,
      redirect: "manual",
      signal: controller.signal,
      ...uncached(),
    });
    const body: unknown = await response.json();
    const state = meaningOf(response.status, body);
    return { state, cookies: state === UNKNOWN ? [] : response.headers.getSetCookie() };
  } catch {
    return { state: UNKNOWN, cookies: [] };
  } finally {
    clearTimeout(timer);
  }
}

function meaningOf(status: number, body: unknown): AuthState {
  if (typeof body !== "object" || body === null) return UNKNOWN;
  if (status === 401 && "message" in body) return { session: "signedOut", token: null };
  if (status !== 200 || !("token" in body) || typeof body.token !== "string") return UNKNOWN;
  if (getTokenExpiry(body.token) === null) return UNKNOWN;
  return { session: "signedIn", token: body.token };
}

/** What is kept of a `fetch` would be one user's token. Runtimes that keep nothing may not know the option. */
function uncached(): RequestInit {
  return "cache" in Request.prototype ? { cache: "no-store" } : {};
}

const UNKNOWN: AuthState = { session: "unknown", token: null };
