/** The header by which `get-session?convexToken=true` brings the JWT with it. */
import { createAuthMiddleware, isAPIError } from "better-auth/api";
import type { AfterHook } from "../shared/finish.js";
import { isYes } from "../shared/is-yes.js";
import { tellToken, TOKEN_PARAMETER } from "../shared/session-token.js";
import { cookieChange } from "../shared/set-cookie.js";
import { JWT_COOKIE_NAME } from "./cookie.js";
import type { Settings } from "./options.js";
import { keySource } from "./instance-keys.js";
import { tokenFor } from "./token.js";
import type { TokenAnswer } from "./token-endpoint.js";

type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

/**
 * Makes the hook that adds the token to an answer which tells a session, whoever's endpoint that is: `customSession` has one of
 * its own. Where no token can be made the answer is what it is, and the client is told why by the token endpoint. To run after
 * the hook of the JWT cookie.
 */
export function tokenWithSession(settings: Settings): AfterHook {
  return {
    matcher: ({ path, query }) => path === "/get-session" && isYes(query?.[TOKEN_PARAMETER]),
    handler: createAuthMiddleware(async (ctx) => {
      const { returned } = ctx.context;
      if (!returned || isAPIError(returned)) return;
      const answer = renewedToken(ctx) ?? (await tokenOf(ctx, settings).catch(() => null));
      if (!answer) return;
      const headers = new Headers();
      tellToken(headers, answer);
      headers.forEach((value, name) => void ctx.setHeader(name, value));
    }),
  };
}

/** The token that the answer sets as a cookie, because it renews the session. */
function renewedToken({ context }: HookContext): TokenAnswer | null {
  const { responseHeaders, newSession } = context;
  const { name } = context.createAuthCookie(JWT_COOKIE_NAME);
  const token = responseHeaders && cookieChange(responseHeaders, name)?.value;
  if (!token || !newSession) return null;
  return { token, sessionExpiresAt: newSession.session.expiresAt.getTime(), now: Date.now() };
}

async function tokenOf(ctx: HookContext, settings: Settings): Promise<TokenAnswer | null> {
  const { authCookies, secret, tables } = ctx.context;
  const sessionToken = await ctx.getSignedCookie(authCookies.sessionToken.name, secret);
  if (!sessionToken) return null;
  const now = Date.now();
  const source = keySource(settings, ctx.context);
  const found = await tokenFor(source, tables, { sessionToken, fresh: false, now });
  if (!found) return null;
  const { token, who } = found;
  return { token: token.token, sessionExpiresAt: who.session.expiresAt.getTime(), now };
}
