import { parseSetCookieHeader } from "better-auth/cookies";

/** The last word of a response on one cookie. */
export interface CookieChange {
  /** Decoded value; the empty string when the response clears the cookie. */
  readonly value: string;
  /** Seconds; undefined for a cookie that lives as long as the browser session. */
  readonly maxAge: number | undefined;
}

/**
 * What a response with these headers does to the cookie `name`: the last `Set-Cookie` of that name,
 * as browsers see it.
 */
export function cookieChange(headers: Headers, name: string): CookieChange | undefined {
  const entry = headers.getSetCookie().findLast((cookie) => cookieName(cookie) === name);
  if (entry === undefined) return undefined;
  const cookie = parseSetCookieHeader(entry).get(name);
  if (!cookie) return undefined;
  return { value: isCleared(cookie) ? "" : cookie.value, maxAge: cookie["max-age"] };
}

/**
 * Takes the `Set-Cookie` entries out of `headers` that `drop` chooses; the others keep their order.
 */
export function dropSetCookies(headers: Headers, drop: (entry: string) => boolean): void {
  const entries = headers.getSetCookie();
  if (!entries.some(drop)) return;
  headers.delete("set-cookie");
  for (const entry of entries) if (!drop(entry)) headers.append("set-cookie", entry);
}

/** The name of the cookie in a `Set-Cookie` entry. */
export function cookieName(entry: string): string {
  return entry.slice(0, Math.max(0, entry.indexOf("="))).trim();
}

function isCleared(cookie: {
  value: string;
  "max-age"?: number | undefined;
  expires?: Date | undefined;
}): boolean {
  if (cookie.value === "") return true;
  // Max-Age wins over Expires (RFC 6265 section 5.3).
  if (cookie["max-age"] !== undefined) return cookie["max-age"] <= 0;
  return cookie.expires !== undefined && cookie.expires.getTime() <= Date.now();
}
