import { getTokenExpiry } from "../client/token-expiry.js";
import { cookieNames, parseCookieHeader } from "../utils/cookies.js";
import type { Settings } from "./settings.js";

/** What a request's cookies say of its session, unverified. */
export interface SessionCookies {
  /** The JWT that belongs to the session cookie, with its end in ms; null where it is to be asked for. */
  readonly jwt: { readonly token: string; readonly expiresAt: number } | null;
}

/**
 * Reads the session cookie and the JWT cookie that goes with it; null without a session cookie. Better Auth (1.7,
 * `createCookieGetter`) gives every cookie the prefix `__Secure-` on https and none on http. Both may be there, where an
 * app moved from one to the other on `localhost`: the JWT is that of the session cookie's own spelling.
 */
export function readSessionCookies(
  headers: Headers,
  settings: Pick<Settings, "cookiePrefix" | "isSecure">,
): SessionCookies | null {
  const cookies = parseCookieHeader(headers.get("cookie"));
  const name = `${settings.cookiePrefix}.session_token`;
  const spellings = cookieNames(name);
  if (!settings.isSecure) spellings.reverse();
  const found = spellings.find((each) => cookies.get(each));
  if (found === undefined) return null;
  const prefix = found.slice(0, found.length - name.length);
  // On https a cookie without a prefix may be set by any http page of the host: the deployment is asked what it is worth.
  if (settings.isSecure && prefix === "") return { jwt: null };
  const token = cookies.get(`${prefix}${settings.cookiePrefix}.convex_jwt`);
  const expiresAt = getTokenExpiry(token);
  return { jwt: token === undefined || expiresAt === null ? null : { token, expiresAt } };
}
