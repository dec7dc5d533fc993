/** Headers with which a Convex function calls `auth.api.*` as the caller's session. */
import { readEnv } from "../auth-config/env.js";
import { GateError } from "../errors/index.js";
import { isPublicSecret, SET_SECRET } from "../utils/secrets.js";
import type { LiveSession } from "./session-user.js";

/** The name of Better Auth's session cookie unless the app configures another (1.7, `advanced.cookiePrefix`). */
const DEFAULT_COOKIE = "better-auth.session_token";

/** The header that Better Auth reads addresses from unless the app names others (1.7, `advanced.ipAddress`). */
const ADDRESS_HEADER = "x-forwarded-for";

/** What of Better Auth's context decides the headers of a session. */
interface HeaderContext {
  readonly secret: string;
  readonly authCookies: { readonly sessionToken: { readonly name: string } };
  readonly options: {
    readonly advanced?:
      | { readonly ipAddress?: { readonly ipAddressHeaders?: readonly string[] } | undefined }
      | undefined;
  };
}

/** Headers that carry the session in every spelling of the default cookie, signed with the deployment's secret. */
export async function defaultSessionHeaders(live: LiveSession | null): Promise<Headers> {
  if (live === null) return new Headers();
  const names = [DEFAULT_COOKIE, `__Secure-${DEFAULT_COOKIE}`];
  return headersOf(live, environmentSecret(), names, ADDRESS_HEADER);
}

/** Headers that carry the session as an app's own instance expects it; empty when nobody is signed in. */
export async function sessionHeaders(
  live: LiveSession | null,
  { secret, authCookies, options }: HeaderContext,
): Promise<Headers> {
  if (live === null) return new Headers();
  const address = options.advanced?.ipAddress?.ipAddressHeaders?.[0] ?? ADDRESS_HEADER;
  return headersOf(live, secret, [authCookies.sessionToken.name], address);
}

/**
 * The session's cookies, and the address and browser that it was begun with: what is called with these headers counts
 * and notes the user's own and not those of nobody.
 */
async function headersOf(
  { session }: LiveSession,
  secret: string,
  cookieNames: readonly string[],
  addressHeader: string,
): Promise<Headers> {
  const headers = new Headers();
  const value = await signedCookieValue(session.token, secret);
  headers.set("cookie", cookieNames.map((name) => `${name}=${value}`).join("; "));
  setIfPossible(headers, addressHeader, session["ipAddress"]);
  setIfPossible(headers, "user-agent", session["userAgent"]);
  return headers;
}

/** Rows may hold anything, and a header may not (RFC 9110 section 5.5). */
function setIfPossible(headers: Headers, name: string, value: unknown): void {
  if (typeof value === "string" && /^[\t\x20-\x7e\x80-\xff]+$/.test(value))
    headers.set(name, value);
}

/** Better Auth's signed cookie: `token.signature`, percent-encoded (better-call 1.4, HMAC-SHA-256 in padded base64). */
async function signedCookieValue(token: string, secret: string): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(token)));
  return encodeURIComponent(`${token}.${btoa(String.fromCharCode(...signature))}`);
}

function environmentSecret(): string {
  const secret = readEnv("BETTER_AUTH_SECRET") ?? readEnv("AUTH_SECRET");
  if (secret !== undefined && !isPublicSecret(secret)) return secret;
  const [code, problem] =
    secret === undefined
      ? (["ENV_MISSING", "there is no BETTER_AUTH_SECRET"] as const)
      : (["SECRET_INSECURE", "the secret is one that anybody can look up"] as const);
  throw new GateError(
    code,
    `getHeaders: ${problem}. Run \`${SET_SECRET}\`, or use getAuth(createAuth, ctx) where the secret is elsewhere.`,
    { meta: { variable: "BETTER_AUTH_SECRET" } },
  );
}
