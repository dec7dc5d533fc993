import { getTokenExpiry, issuerOf } from "../client/token-expiry.js";
import { cookieNames, parseCookieHeader } from "../utils/cookies.js";
import { sessionCookieOf } from "./settings.js";
import type { CookieOptions, Settings } from "./settings.js";

/** A token of a cookie, and when it ends, in ms since 1970. */
export interface HeldToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** What a request's cookies say of its session, unverified. */
export interface SessionCookies {
  /** The JWT that belongs to the session cookie; null where it is to be asked for. */
  readonly jwt: HeldToken | null;
}

/**
 * Reads the session cookie and the JWT cookie that goes with it; null without a session cookie. Better Auth (1.7,
 * `createCookieGetter`) gives every cookie the prefix `__Secure-` on https and none on http. Both may be there, where an
 * app moved from one to the other on `localhost`: the JWT is that of the session cookie's own spelling.
 */
export function readSessionCookies(
  headers: Headers,
  settings: Pick<Settings, "cookies" | "isSecure" | "issuers">,
): SessionCookies | null {
  const sent = parseCookieHeader(headers.get("cookie"));
  const { sessionToken: name, jwt } = settings.cookies;
  const spellings = cookieNames(name);
  if (!settings.isSecure) spellings.reverse();
  const found = spellings.find((each) => sent.get(each));
  if (found === undefined) return null;
  const prefix = found.slice(0, found.length - name.length);
  // On https a cookie without a prefix may be set by any http page of the host: the deployment is asked what it is worth.
  if (settings.isSecure && !/^__(Secure|Host)-/.test(found)) return { jwt: null };
  const token = sent.get(prefix + jwt);
  // It is written into headers and pages: nothing but a JWT's own letters gets there (RFC 7515 section 7.1).
  if (token !== undefined && !/^[\w-]+(\.[\w-]+){2}$/.test(token)) return { jwt: null };
  const expiresAt = getTokenExpiry(token);
  // On localhost all ports share their cookies: this one may be another deployment's.
  const isOurs = settings.issuers.has(issuerOf(token) ?? "");
  return { jwt: token && expiresAt !== null && isOurs ? { token, expiresAt } : null };
}

/** Whether there is a session cookie at all, of any spelling. */
export function hasSessionCookie(headers: Headers, options: CookieOptions): boolean {
  const sent = parseCookieHeader(headers.get("cookie"));
  return cookieNames(sessionCookieOf(options)).some((name) => sent.get(name));
}
