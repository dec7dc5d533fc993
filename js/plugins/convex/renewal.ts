/** Whether the use of a session keeps it alive, by the rule of Better Auth's `get-session` (1.7). */
import type { AuthContext } from "better-auth";
import { getShouldSkipSessionRefresh } from "better-auth/api";
import type { RenewalTimes } from "./due.js";

/** How sessions of a request are renewed. */
export interface Renewal extends RenewalTimes {
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
