/** Headers with which a Convex function calls `auth.api.*` as the caller's session. */
import { readEnv } from "../auth-config/env.js";
import { GateError } from "../errors/index.js";
import { isPublicSecret, SET_SECRET } from "../utils/secrets.js";
import type { LiveSession } from "./session-user.js";

/** The name of Better Auth's session cookie unless the app configures another (1.7, `advanced.cookiePrefix`). */
const DEFAULT_COOKIE = "better-auth.session_token";

/** Headers that carry the session in every spelling of the default cookie, signed with the deployment's secret. */
export async function defaultSessionHeaders(live: LiveSession | null): Promise<Headers> {
  const secret = live === null ? undefined : environmentSecret();
  return sessionHeaders(live, secret ?? "", [DEFAULT_COOKIE, `__Secure-${DEFAULT_COOKIE}`]);
}

/** Headers that carry the session in the given cookies; empty when nobody is signed in. */
export async function sessionHeaders(
  live: LiveSession | null,
  secret: string,
  cookieNames: readonly string[],
): Promise<Headers> {
  const headers = new Headers();
  if (live === null) return headers;
  const value = await signedCookieValue(live.session.token, secret);
  headers.set("cookie", cookieNames.map((name) => `${name}=${value}`).join("; "));
  return headers;
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
