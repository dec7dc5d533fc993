/** Cookies that a page keeps itself, by the rules of RFC 6265 as far as one server needs them. */

/** A kept cookie. `expires` is ms since the epoch; null for the end of the session. */
export interface KeptCookie {
  value: string;
  expires: number | null;
}

/** Cookies by name. */
export type CookieJar = Readonly<Record<string, KeptCookie>>;

/**
 * The jar after a `Set-Cookie` header, which may hold several cookies joined by commas. Cookies that have ended, by
 * `Max-Age` or else by `Expires`, are removed (RFC 6265, section 5.3: `Max-Age` goes first).
 */
export function storeCookies(jar: CookieJar, header: string, now: number): CookieJar {
  const next: Record<string, KeptCookie> = { ...jar };
  for (const line of splitCookies(header)) {
    const cookie = parseCookie(line, now);
    if (!cookie) continue;
    const { name, value, expires } = cookie;
    if (expires !== null && expires <= now) delete next[name];
    else next[name] = { value, expires };
  }
  return next;
}

/** The value of a `Cookie` header for everything that has not ended. */
export function cookieHeader(jar: CookieJar, now: number): string {
  return Object.entries(jar)
    .filter(([, { expires }]) => expires === null || expires > now)
    .map(([name, { value }]) => `${name}=${value}`)
    .join("; ");
}

/**
 * Splits cookies that were joined by commas. A comma also stands within `Expires`, so one only separates where a name
 * and `=` follow before any `;` or space.
 */
export function splitCookies(header: string): string[] {
  return header.split(/,(?=\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+=)/).map((line) => line.trim());
}

function parseCookie(
  line: string,
  now: number,
): { name: string; value: string; expires: number | null } | null {
  const [pair = "", ...attributes] = line.split(";");
  // The value keeps every further `=`: signatures end with them.
  const split = pair.indexOf("=");
  if (split < 1) return null;
  const name = pair.slice(0, split).trim();
  const value = pair.slice(split + 1).trim();
  let expires: number | null = null;
  let hasMaxAge = false;
  for (const attribute of attributes) {
    const [key = "", text = ""] = attribute.split(/=(.*)/s).map((part) => part.trim());
    if (key.toLowerCase() === "max-age" && /^-?\d+$/.test(text)) {
      hasMaxAge = true;
      expires = Number(text) <= 0 ? 0 : now + Number(text) * 1000;
    } else if (key.toLowerCase() === "expires" && !hasMaxAge) {
      const time = Date.parse(text);
      if (!Number.isNaN(time)) expires = time;
    }
  }
  return { name, value, expires };
}
