/**
 * Cookies that a page keeps itself, by the rules of RFC 6265 as far as one server needs them. Libraries with whole jars
 * (`tough-cookie`) weigh more than this package in the browser, and `cookie` parses no `Set-Cookie` that was joined.
 * `better-auth/cookies` has a function that splits one; where nothing is shaken off, as by Metro, all of that entry comes along.
 */
import { sessionOf } from "./session-cookie.js";

/** A kept cookie. `expires` is ms since the epoch; null for the life of the tab. */
export interface KeptCookie {
  readonly value: string;
  readonly expires: number | null;
}

/** Cookies by name. */
export type CookieJar = Readonly<Record<string, KeptCookie>>;

/** The cookies of a tab: those that end with it, and those that last, which are every tab's. */
export interface Jars {
  readonly tab: CookieJar;
  readonly lasting: CookieJar;
}

/** What a request is sent with: the tab's own cookies hide lasting ones of the same name. */
export function cookiesIn({ tab, lasting }: Jars): CookieJar {
  return { ...lasting, ...tab };
}

/**
 * The jars after a `Set-Cookie` header, which may hold several cookies joined by commas. Cookies that have ended, by
 * `Max-Age` or else by `Expires`, are removed (RFC 6265, section 5.3: `Max-Age` goes first). A lasting cookie that one of
 * the tab hides is another tab's: it goes only where a lasting one takes its place.
 */
export function storeCookies(jars: Jars, header: string, now: number): Jars {
  const tab = new Map(Object.entries(jars.tab));
  const lasting = new Map(Object.entries(jars.lasting));
  for (const [name, cookie] of cookiesOf(header, now)) {
    const isLasting = cookie.expires !== null;
    const isSet = isLive(cookie, now);
    const hid = tab.delete(name);
    if (!hid || (isSet && isLasting)) lasting.delete(name);
    if (isSet) (isLasting ? lasting : tab).set(name, cookie);
  }
  return { tab: Object.fromEntries(tab), lasting: Object.fromEntries(lasting) };
}

/** What has not ended. */
export function liveIn(jar: CookieJar, now: number): CookieJar {
  return Object.fromEntries(Object.entries(jar).filter(([, cookie]) => isLive(cookie, now)));
}

/** The value of a `Cookie` header: the same cookies give the same text. */
export function cookieHeader(jar: CookieJar): string {
  return Object.entries(jar)
    .map(([name, { value }]) => `${name}=${value}`)
    .sort()
    .join("; ");
}

/** Reads a jar that was kept as text. Whatever is no cookie is left out. */
export function parseJar(text: string | null | undefined): CookieJar {
  try {
    const parsed: unknown = JSON.parse(text ?? "{}");
    return Object.fromEntries(Object.entries(Object(parsed) as object).filter(isEntry));
  } catch {
    return {};
  }
}

/** The session cookie of a jar, as in a `Cookie` header; empty without one. */
export function sessionIn(jar: CookieJar): string {
  return sessionOf(cookieHeader(jar));
}

/**
 * Splits cookies that were joined by commas. A comma also stands within `Expires`, so one only separates where a name
 * and `=` follow it.
 */
export function splitCookies(header: string): string[] {
  return header.split(/,(?=\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+=)/).map((line) => line.trim());
}

/** By name: of a cookie that is set twice the last counts, as that which takes the place of one that is cleared. */
function cookiesOf(header: string, now: number): Map<string, KeptCookie> {
  const cookies = splitCookies(header).map((line) => parseCookie(line, now));
  return new Map(cookies.filter((cookie) => cookie !== null));
}

function parseCookie(line: string, now: number): [string, KeptCookie] | null {
  // The value keeps every further `=`: signatures end with them.
  const [, name, value = ""] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
  if (name === undefined) return null;
  const age = /;\s*max-age\s*=\s*(-?\d+)\s*(;|$)/i.exec(line)?.[1];
  const date = Date.parse(/;\s*expires\s*=([^;]*)/i.exec(line)?.[1] ?? "");
  const end = Number.isNaN(date) ? null : date;
  const expires = age === undefined ? end : now + Number(age) * 1000;
  return [name.trim(), { value: value.trim(), expires }];
}

function isLive({ expires }: KeptCookie, now: number): boolean {
  return expires === null || expires > now;
}

function isEntry(entry: [string, unknown]): entry is [string, KeptCookie] {
  const { value, expires } = Object(entry[1]) as Record<string, unknown>;
  return typeof value === "string" && (expires === null || typeof expires === "number");
}
