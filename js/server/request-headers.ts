/** Headers with which a Convex function calls `auth.api.*` as the caller's session. */
import { environmentSecret } from "./environment-secret.js";
import type { LiveSession } from "./session-user.js";

/** The name of Better Auth's session cookie unless the app configures another (1.7, `advanced.cookiePrefix`). */
const DEFAULT_COOKIE = "better-auth.session_token";

/** Better Auth's cookie of a session that is not renewed, under the same rule. */
const DEFAULT_TEMPORARY_COOKIE = "better-auth.dont_remember";

/** The header that Better Auth reads addresses from unless the app names others (1.7, `advanced.ipAddress`). */
const ADDRESS_HEADER = "x-forwarded-for";

/** What of Better Auth's context decides the headers of a session. */
interface HeaderContext {
  readonly secret: string;
  readonly authCookies: {
    readonly sessionToken: { readonly name: string };
    readonly dontRememberToken: { readonly name: string };
  };
  readonly options: {
    readonly advanced?:
      | { readonly ipAddress?: { readonly ipAddressHeaders?: readonly string[] } | undefined }
      | undefined;
  };
}

/** Headers that carry the session in every spelling of the default cookies, signed with the deployment's secret. */
export async function defaultSessionHeaders(live: LiveSession | null): Promise<Headers> {
  if (live === null) return new Headers();
  const both = (name: string): string[] => [name, `__Secure-${name}`];
  return headersOf(live, environmentSecret("getHeaders"), ADDRESS_HEADER, {
    session: both(DEFAULT_COOKIE),
    temporary: both(DEFAULT_TEMPORARY_COOKIE),
  });
}

/** Headers that carry the session as an app's own instance expects it; empty when nobody is signed in. */
export async function sessionHeaders(
  live: LiveSession | null,
  { secret, authCookies, options }: HeaderContext,
): Promise<Headers> {
  if (live === null) return new Headers();
  const address = options.advanced?.ipAddress?.ipAddressHeaders?.[0] ?? ADDRESS_HEADER;
  return headersOf(live, secret, address, {
    session: [authCookies.sessionToken.name],
    temporary: [authCookies.dontRememberToken.name],
  });
}

/**
 * The session's cookies, and the address and browser that it was begun with: what is called with these headers counts
 * and notes the user's own and not those of nobody.
 *
 * A function cannot give the browser a cookie, and does not know whether the session is one of `rememberMe: false`. So the
 * headers say that it is: else Better Auth would renew the row, also of a session that is to end, and the cookie would end
 * long before it.
 */
async function headersOf(
  { session }: LiveSession,
  secret: string,
  addressHeader: string,
  names: { readonly session: readonly string[]; readonly temporary: readonly string[] },
): Promise<Headers> {
  const headers = new Headers();
  const [value, temporary] = [
    await signedCookieValue(session.token, secret),
    await signedCookieValue("true", secret),
  ];
  const cookies = [
    ...names.session.map((name) => `${name}=${value}`),
    ...names.temporary.map((name) => `${name}=${temporary}`),
  ];
  headers.set("cookie", cookies.join("; "));
  setIfPossible(headers, addressHeader, session["ipAddress"]);
  setIfPossible(headers, "user-agent", session["userAgent"]);
  return headers;
}

/** Rows may hold anything, and a header may not (RFC 9110 section 5.5). */
function setIfPossible(headers: Headers, name: string, value: unknown): void {
  if (typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]+$/.test(value))
    headers.set(name, value);
}

/** Better Auth's signed cookie: `value.signature`, percent-encoded (better-call 1.4, HMAC-SHA-256 in padded base64). */
async function signedCookieValue(text: string, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
  return encodeURIComponent(`${text}.${btoa(String.fromCharCode(...signature))}`);
}
