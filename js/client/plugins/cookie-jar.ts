/**
 * Cookies that a page keeps itself, by the rules of RFC 6265 as far as one server needs them. Libraries with whole jars
 * (`tough-cookie`) weigh more than this package in the browser, and `cookie` parses no `Set-Cookie` that was joined.
 * `better-auth/cookies` has a function that splits one; where nothing is shaken off, as by Metro, all of that entry comes along.
 */

/** A kept cookie. `expires` is ms since the epoch; null for the life of the tab. */
export interface KeptCookie {
  readonly value: string;
  readonly expires: number | null;
}

/** Cookies by name. */
export type CookieJar = Readonly<Record<string, KeptCookie>>;

/**
 * The jar after a `Set-Cookie` header, which may hold several cookies joined by commas. Cookies that have ended, by
 * `Max-Age` or else by `Expires`, are removed (RFC 6265, section 5.3: `Max-Age` goes first).
 */
export function storeCookies(jar: CookieJar, header: string, now: number): CookieJar {
  const next = new Map(Object.entries(jar));
  for (const line of splitCookies(header)) {
    const cookie = parseCookie(line, now);
    // A cookie that is set again goes to the end (RFC 6265, section 5.4 leaves the order to us).
    if (cookie) next.set(cookie.name, { value: cookie.value, expires: cookie.expires });
  }
  return Object.fromEntries([...next].filter(([, cookie]) => isLive(cookie, now)));
}

/** The value of a `Cookie` header for everything that has not ended. */
export function cookieHeader(jar: CookieJar, now: number): string {
  return Object.entries(jar)
    .filter(([, cookie]) => isLive(cookie, now))
    .map(([name, { value }]) => `${name}=${value}`)
    .join("; ");
}

/** Reads a jar that was kept as text. Whatever is no cookie is left out. */
export function parseJar(text: string | null | undefined): CookieJar {
  try {
    const parsed: unknown = JSON.parse(text ?? "{}");
    if (typeof parsed !== "object" || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter(isEntry));
  } catch {
    return {};
  }
}

/** Any of Better Auth's session cookies, whatever the prefix. */
const SESSION_COOKIE = /(^|[.-])session_token$/;

/** The session cookie. */
export function sessionIn(jar: CookieJar): ({ name: string } & KeptCookie) | undefined {
  const found = Object.entries(jar).find(([name]) => SESSION_COOKIE.test(name));
  return found && { name: found[0], ...found[1] };
}

/** Whether a request had this cookie; `sent` is what it had for a `Cookie` header. */
export function wasSent(cookie: { name: string } & KeptCookie, sent: string): boolean {
  return sent.split("; ").includes(`${cookie.name}=${cookie.value}`);
}

/**
 * Splits cookies that were joined by commas. A comma also stands within `Expires`, so one only separates where a name
 * and `=` follow it.
 */
export function splitCookies(header: string): string[] {
  return header.split(/,(?=\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+=)/).map((line) => line.trim());
}

function parseCookie(line: string, now: number): ({ name: string } & KeptCookie) | null {
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

function isLive({ expires }: KeptCookie, now: number): boolean {
  return expires === null || expires > now;
}

function isEntry(entry: [string, unknown]): entry is [string, KeptCookie] {
  const cookie = entry[1];
  if (typeof cookie !== "object" || cookie === null) return false;
  const { value, expires } = cookie as Record<string, unknown>;
  return typeof value === "string" && (expires === null || typeof expires === "number");
}
