import { getTokenExpiry, issuerOf } from "../client/token-expiry.js";
import { CLIENT_IP_HEADER } from "../utils/client-ip-header.js";
import type { Settings } from "./settings.js";
import type { AuthState, RequestOptions } from "./types.js";

/** A page waits no longer than this for its token. */
const TIMEOUT_MS = 8_000;

/** What the token endpoint answered, and the cookies that came along. */
export interface TokenAnswer {
  readonly state: AuthState;
  /** When the token ends by the clock of this server, in ms; the deployment tells what its own clock says. */
  readonly expiresAt: number;
  readonly cookies: readonly string[];
}

/**
 * Asks the deployment for the token of the request's session. Only the endpoint's own 401 means that nobody is signed in:
 * a page or a 401 of a proxy, a refusal for too many requests or no answer tell nothing.
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
    });
    const body: unknown = await response.json();
    const state = meaningOf(response.status, body);
    if (state === UNKNOWN) return NONE;
    const issuer = issuerOf(state.token);
    if (issuer !== null) settings.issuers.add(issuer);
    const expiresAt = (getTokenExpiry(state.token) ?? 0) + clockDifference(body);
    return { state, expiresAt, cookies: response.headers.getSetCookie() };
  } catch {
    return NONE;
  } finally {
    clearTimeout(timer);
  }
}

/** How far this server's clock is ahead of the deployment's. */
function clockDifference(body: unknown): number {
  const now = typeof body === "object" && body !== null && "now" in body ? body.now : undefined;
  return typeof now === "number" ? Date.now() - now : 0;
}

function meaningOf(status: number, body: unknown): AuthState {
  if (typeof body !== "object" || body === null) return UNKNOWN;
  if (status === 401 && "code" in body && body.code === NOBODY)
    return { session: "signedOut", token: null };
  if (status !== 200 || !("token" in body) || typeof body.token !== "string") return UNKNOWN;
  if (getTokenExpiry(body.token) === null) return UNKNOWN;
  return { session: "signedIn", token: body.token };
}

/** The endpoint's own code; gateways on the way say 401 as well, some of them in JSON. */
const NOBODY = "UNAUTHENTICATED";
const UNKNOWN: AuthState = { session: "unknown", token: null };
const NONE: TokenAnswer = { state: UNKNOWN, expiresAt: 0, cookies: [] };
