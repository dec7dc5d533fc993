/** The JWT cookie: for server-side rendering, which reads it without a request of its own. */
import type { AuthContext } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { isGateError } from "../../errors/index.js";
import { fitsCookie } from "../shared/cookie-size.js";
import type { AfterHook } from "../shared/finish.js";
import { cookieChange, cookieName, dropSetCookies } from "../shared/set-cookie.js";
import type { CookieChange } from "../shared/set-cookie.js";
import { isTabRequest } from "../shared/tab-request.js";
import { keySource } from "./instance-keys.js";
import { readClaims } from "./token-claims.js";
import { mintFor } from "./mint.js";
import type { SignedToken } from "./mint.js";
import type { Settings } from "./options.js";
import { claimSource } from "./rows.js";
import { listKeys } from "./signing-key.js";

/**
 * The name of the JWT cookie without Better Auth's prefixes: the cookie is `better-auth.convex_jwt`, and
 * `__Secure-better-auth.convex_jwt` over https, unless the app chose other names. `getTokenCookie` of
 * `convex-gate/utils` reads it under each of them.
 */
export const JWT_COOKIE_NAME = "convex_jwt";

type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/** The part of an endpoint's or hook's context that writes cookies. */
interface CookieJar {
  readonly context: Pick<AuthContext, "createAuthCookie" | "logger">;
  setCookie(name: string, value: string, attributes?: Record<string, unknown>): unknown;
}

/**
 * Makes the hook by which the JWT cookie follows the session cookie. It looks at what the finished
 * response does and at nothing else: a session cookie set brings a JWT of exactly that session, a
 * session cookie cleared clears it, and any other response leaves it alone. When a JWT cannot be
 * made, or is too large for a cookie, the cookie is cleared, so it never belongs to another session.
 */
export function followSessionCookie(settings: Settings): AfterHook {
  const handler = createAuthMiddleware(async (ctx) => {
    const headers = ctx.context.responseHeaders;
    if (!headers) return;
    const change = cookieChange(headers, ctx.context.authCookies.sessionToken.name);
    if (!change || isTabRequest(ctx.request)) return;
    const name = ctx.context.createAuthCookie(JWT_COOKIE_NAME).name;
    if (isOfSession(cookieChange(headers, name), change, ctx.context.newSession)) return;
    dropSetCookies(headers, (entry) => cookieName(entry) === name);
    const token = change.value === "" ? null : await mintForResponse(ctx, settings, change);
    if (token) setJwtCookie(ctx, token, { untilBrowserCloses: change.maxAge === undefined });
    else clearJwtCookie(ctx);
  });
  return { matcher: () => true, handler };
}

/** Cookies of whose JWTs the log has said that they are too large. */
const tooLarge = new Set<string>();

/**
 * Puts a token into the JWT cookie, for as long as it is valid. Browsers would ignore one that is too large and go on with
 * the one before, which may be another user's: then the cookie is cleared, and servers ask for the token.
 */
export function setJwtCookie(
  ctx: CookieJar,
  token: SignedToken,
  { untilBrowserCloses }: { untilBrowserCloses: boolean },
): void {
  if (!isJwtCookie(ctx, token.token)) {
    const { name } = ctx.context.createAuthCookie(JWT_COOKIE_NAME);
    if (!tooLarge.has(name)) ctx.context.logger.warn(tooLargeFor(name, token.token));
    tooLarge.add(name);
    clearJwtCookie(ctx);
    return;
  }
  const seconds = Math.max(0, Math.floor((token.expiresAt - Date.now()) / 1000));
  const cookie = ctx.context.createAuthCookie(
    JWT_COOKIE_NAME,
    untilBrowserCloses ? {} : { maxAge: seconds },
  );
  ctx.setCookie(cookie.name, token.token, cookie.attributes);
}

/** Whether browsers keep a token as the JWT cookie. */
export function isJwtCookie({ context }: Pick<CookieJar, "context">, token: string): boolean {
  return fitsCookie(context.createAuthCookie(JWT_COOKIE_NAME).name, token);
}

function tooLargeFor(name: string, token: string): string {
  return (
    `[convex-gate] A JWT of ${String(token.length)} characters is too large for the cookie ${name}: browsers keep 4,096 with its ` +
    "name. Servers that render ask the deployment for the token with each page. Smaller claims " +
    "(`convex({ jwt: { claims, definePayload } })`) spare them that."
  );
}

/** Makes the browser forget the JWT cookie. */
export function clearJwtCookie(ctx: CookieJar): void {
  const cookie = ctx.context.createAuthCookie(JWT_COOKIE_NAME);
  ctx.setCookie(cookie.name, "", { ...cookie.attributes, maxAge: 0 });
}

/** The token endpoint renews a session and sets its JWT along with it: then there is nothing to follow. */
function isOfSession(
  jwt: CookieChange | undefined,
  change: CookieChange,
  made: HookContext["context"]["newSession"],
): boolean {
  if (!jwt || made?.session.token !== tokenIn(change.value)) return false;
  return readClaims(jwt.value)?.["sessionId"] === made.session.id;
}

/** The session token in the value of a signed cookie. */
function tokenIn(value: string): string {
  return value.slice(0, Math.max(0, value.lastIndexOf(".")));
}

async function mintForResponse(
  ctx: HookContext,
  settings: Settings,
  change: CookieChange,
): Promise<SignedToken | null> {
  const sessionToken = tokenIn(change.value);
  const source = keySource(settings, ctx.context);
  try {
    const now = Date.now();
    const made = ctx.context.newSession;
    if (made?.session.token === sessionToken && !mayBeStale(ctx, sessionToken))
      return await mintFor(source, await listKeys(source), made, now);
    const found = await source.store().tokenContext(sessionToken);
    if (!found) return null;
    const keys = settings.staticKeys ?? found.keys;
    return await mintFor(source, keys, claimSource(found, ctx.context.tables), now);
  } catch (error) {
    // It will be set with the first token that Convex accepts.
    if (isGateError(error, "KEYS_CHANGING")) return null;
    // The response is about more than this cookie. The token endpoint will report the same problem
    // where it is the point.
    ctx.context.logger.error(
      "[convex-gate] No JWT could be made for the new session, so its cookie is cleared.",
      error instanceof Error ? `${error.name}: ${error.message}` : "",
    );
    return null;
  }
}

/**
 * With Better Auth's cookie cache the session that a response renews may come from the cache, when
 * its row is long gone. A session that the request did not bring was made or read within it.
 */
function mayBeStale(ctx: HookContext, sessionToken: string): boolean {
  if (ctx.context.options.session?.cookieCache?.enabled !== true) return false;
  const sent = ctx.getCookie(ctx.context.authCookies.sessionToken.name) ?? "";
  return tokenIn(sent) === sessionToken;
}
