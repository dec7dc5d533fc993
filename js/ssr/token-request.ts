import { getTokenExpiry, issuerOf } from "../client/token-expiry.js";
import { CLIENT_IP_HEADER } from "../utils/client-ip-header.js";
import { reasonOf } from "./outages.js";
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
  /** Why the state is not known, for the error that says so: what the endpoint answered, or what came instead of an answer. */
  readonly failure?:
    { readonly meta: { readonly status: number } } | { readonly cause: unknown } | undefined;
}

/** The endpoint's body, as far as it is one. */
interface Told {
  readonly token?: unknown;
  readonly code?: unknown;
  readonly now?: unknown;
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
    const { status } = response;
    // Who quotes what is no JSON could quote anything.
    const told = Object(await response.json().catch(() => null)) as Told;
    const state = meaningOf(status, told);
    if (!state)
      return none(settings, `it answered ${String(status)} without a token`, { meta: { status } });
    settings.tellOutage(ASKED, null);
    const issuer = issuerOf(state.token);
    if (issuer !== null) settings.issuers.add(issuer);
    const expiresAt = (getTokenExpiry(state.token) ?? 0) + clockDifference(told);
    return { state, expiresAt, cookies: response.headers.getSetCookie() };
  } catch (cause) {
    return none(settings, reasonOf(cause, controller.signal.aborted), { cause });
  } finally {
    clearTimeout(timer);
  }
}

function none(
  { tellOutage }: Settings,
  reason: string,
  failure: TokenAnswer["failure"],
): TokenAnswer {
  tellOutage(ASKED, reason);
  return { state: { session: "unknown", token: null }, expiresAt: 0, cookies: [], failure };
}

/** How far this server's clock is ahead of the deployment's. */
function clockDifference({ now }: Told): number {
  return typeof now === "number" ? Date.now() - now : 0;
}

/** Null for what tells nothing. */
function meaningOf(status: number, { token, code }: Told): AuthState | null {
  if (status === 401 && code === NOBODY) return { session: "signedOut", token: null };
  if (status !== 200 || typeof token !== "string" || getTokenExpiry(token) === null) return null;
  return { session: "signedIn", token };
}

/** The endpoint's own code; gateways on the way say 401 as well, some of them in JSON. */
const NOBODY = "UNAUTHENTICATED";
const ASKED = "A token could not be had from";
