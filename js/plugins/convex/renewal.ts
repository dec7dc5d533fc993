/** Whether the use of a session keeps it alive, by the rule of Better Auth's `get-session` (1.7). */
import type { AuthContext, Session } from "better-auth";
import { getShouldSkipSessionRefresh } from "better-auth/api";
import { TOKEN_LEEWAY_MS } from "../shared/token-leeway.js";

/** How sessions of a request are renewed. */
export interface Renewal {
  /** How long a session lives from its renewal on, in ms. */
  readonly expiresInMs: number;
  /** The age in ms from which it is renewed. */
  readonly updateAgeMs: number;
  /** Better Auth's update with the app's database hooks; null when one of them refused it. */
  readonly update: AuthContext["internalAdapter"]["updateSession"];
}

/** What of an endpoint's context decides. */
interface RequestContext {
  readonly context: Pick<
    AuthContext,
    "options" | "sessionConfig" | "internalAdapter" | "authCookies" | "secret"
  >;
  getSignedCookie(name: string, secret: string): Promise<string | null | false>;
}

/**
 * The renewal that a request allows; undefined where it allows none: `session.disableSessionRefresh` (which `convex()` sets
 * in queries), `?disableRefresh=true`, a cookie of `rememberMe: false`, or an integration that cannot set cookies.
 * `session.deferSessionRefresh` keeps a GET of `get-session` from writing. A token request is one that writes.
 */
export async function renewalOf(
  ctx: RequestContext,
  disableRefresh: boolean,
): Promise<Renewal | undefined> {
  const { options, sessionConfig, internalAdapter, authCookies, secret } = ctx.context;
  if (disableRefresh || options.session?.disableSessionRefresh === true) return undefined;
  if (await ctx.getSignedCookie(authCookies.dontRememberToken.name, secret)) return undefined;
  if (await getShouldSkipSessionRefresh()) return undefined;
  return {
    expiresInMs: sessionConfig.expiresIn * 1000,
    updateAgeMs: sessionConfig.updateAge * 1000,
    update: internalAdapter.updateSession,
  };
}

/**
 * True when the session is to be renewed at `now` (ms). As in Better Auth it is due at the age `updateAge`, and never
 * where that is no less than `expiresIn`. One that would become due within the leeway before its end is renewed at the
 * leeway's beginning, because no token is made from then on. An impersonation keeps the end that it was given.
 */
export function isDue(
  session: Session & Record<string, unknown>,
  { expiresInMs, updateAgeMs }: Pick<Renewal, "expiresInMs" | "updateAgeMs">,
  now: number,
): boolean {
  if (session["impersonatedBy"]) return false;
  const end = session.expiresAt.getTime();
  const dueAt = end - expiresInMs + updateAgeMs;
  return dueAt < end && (dueAt <= now || endsWithinLeeway(end, now));
}

/** True when a token that ends with the session (at `end`, ms) would live for less than the leeway. */
export function endsWithinLeeway(end: number, now: number): boolean {
  return Math.floor(end / 1000) * 1000 - now < TOKEN_LEEWAY_MS;
}
