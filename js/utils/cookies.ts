/**
 * Cookies of requests, for servers. Of two cookies of one name the endpoints of Better Auth (1.7) take the first, and its
 * `parseCookies` the last; who is signed in must not depend on who reads. `cookie` is one more package for twenty lines.
 */

/** Cookie prefixes by which browsers restrict who may set a cookie (RFC 6265bis section 4.1.3). */
const PREFIXES = ["__Secure-", "__Host-", ""];

/**
 * Reads a `Cookie` header. Of several cookies of one name the first wins, as in Better Auth; quotes
 * are taken off and percent-encoding is undone where it is sound.
 */
export function parseCookieHeader(header: string | null | undefined): Map<string, string> {
  return new Map([...rawCookies(header)].map(([name, value]) => [name, decoded(value)]));
}

/** The same with the values as they were sent. */
export function rawCookies(header: string | null | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 1) continue;
    const name = pair.slice(0, equals).trim();
    if (name !== "" && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}

/**
 * The spellings of a cookie's name, the best protected first; a name that has its prefix already is
 * the only one.
 */
export function cookieNames(name: string, requirePrefix = false): string[] {
  return PREFIXES.some((prefix) => prefix !== "" && name.startsWith(prefix))
    ? [name]
    : PREFIXES.filter((prefix) => prefix !== "" || !requirePrefix).map((prefix) => prefix + name);
}

/** Where the JWT cookie is looked for. */
export interface JwtCookieOptions {
  /** Better Auth's `advanced.cookiePrefix`. @default "better-auth" */
  readonly cookiePrefix?: string | undefined;
  /** The whole name, when `advanced.cookies.convex_jwt.name` is set. */
  readonly cookieName?: string | undefined;
  /**
   * Whether only names with `__Secure-` or `__Host-` count, as Better Auth gives them on https: any
   * http page of the same host can set the others.
   * @default false
   */
  readonly requirePrefix?: boolean | undefined;
}

/**
 * The JWT in a request's cookies, or null. Nothing is verified: use it as a credential towards
 * Convex, which verifies it, or pass it to `verifyToken` of `convex-gate/jwt` before trusting what
 * it says.
 */
export function getTokenCookie(
  headers: { get(name: string): string | null },
  options: JwtCookieOptions = {},
): string | null {
  const cookies = parseCookieHeader(headers.get("cookie"));
  const name = options.cookieName ?? `${options.cookiePrefix ?? "better-auth"}.convex_jwt`;
  for (const spelling of cookieNames(name, options.requirePrefix)) {
    const value = cookies.get(spelling);
    if (value) return value;
  }
  return null;
}

function decoded(value: string): string {
  const bare =
    value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}
