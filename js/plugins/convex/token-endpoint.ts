import type { StandardSchemaV1 } from "better-auth";
import type { AuthEndpoint } from "better-auth/api";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { refusedOf } from "../../adapter/refused.js";
import { isGateError } from "../../errors/index.js";
import { isYes } from "../shared/is-yes.js";
import type { ToldToken } from "../shared/session-token.js";
import { schemaOf } from "../shared/standard-schema.js";
import { isTabRequest } from "../shared/tab-request.js";
import { clearJwtCookie, isJwtCookie, JWT_COOKIE_NAME, setJwtCookie } from "./cookie.js";
import { keySource } from "./instance-keys.js";
import type { Settings } from "./options.js";
import { renewalOf } from "./renewal.js";
import { tokenFor } from "./token.js";

/** The answer of the token endpoint. */
export type TokenAnswer = ToldToken;

/** The query of the token endpoint. */
export type TokenQuery =
  | {
      /** Any value but "", "0" and "false": never a token that was given before. */
      fresh?: string | undefined;
      /** The same: the session is not renewed, as with Better Auth's `get-session`. For callers that cannot pass cookies on. */
      disableRefresh?: string | undefined;
    }
  | undefined;

/** Options of the token endpoint, as Better Auth's clients and `auth.api` infer them. */
export type TokenEndpointOptions = {
  method: "GET";
  requireHeaders: true;
  query: StandardSchemaV1<TokenQuery>;
};

const tokenQuery = schemaOf<TokenQuery>((value) => {
  if (typeof value !== "object" || value === null) return { value: undefined };
  const text = (name: string): string | undefined => {
    const member: unknown = Reflect.get(value, name);
    return member === undefined ? undefined : String(member);
  };
  return { value: { fresh: text("fresh"), disableRefresh: text("disableRefresh") } };
});

/** Gives the token of the caller's session, and renews the session where it is due. */
export function tokenEndpoint<Path extends string>(
  path: Path,
  settings: Settings,
): AuthEndpoint<Path, TokenEndpointOptions, TokenAnswer> {
  return createAuthEndpoint(
    path,
    { method: "GET", requireHeaders: true, query: tokenQuery },
    async (ctx): Promise<TokenAnswer> => {
      ctx.setHeader("Cache-Control", "no-store");
      const { authCookies, secret, sessionConfig, tables } = ctx.context;
      // Better Auth's own check of its cookie, so that both agree on every cookie and secret.
      // `bearer()` has put its token into this cookie by now when the app has that plugin.
      const sessionToken = await ctx.getSignedCookie(authCookies.sessionToken.name, secret);
      const now = Date.now();
      const found = sessionToken
        ? await tokenFor(keySource(settings, ctx.context), tables, {
            sessionToken,
            fresh: isYes(ctx.query?.fresh),
            now,
            renewal: await renewalOf(ctx, isYes(ctx.query?.disableRefresh)),
          }).catch(rethrowToClient)
        : null;
      const keepsCookies = !isTabRequest(ctx.request);
      const held = ctx.getCookie(ctx.context.createAuthCookie(JWT_COOKIE_NAME).name);
      if (!found) {
        if (held !== null && keepsCookies) clearJwtCookie(ctx);
        throw new APIError("UNAUTHORIZED", {
          code: "UNAUTHENTICATED",
          message: "There is no live session to make a token for.",
        });
      }
      const { token, who, renewed } = found;
      // A renewal that there was no room for is left to the next request, and the answer is none for want of room.
      refusedOf(ctx.context.adapter)?.take();
      // As `get-session` does it; hooks of plugins see a session that is set anew.
      if (renewed) await setSessionCookie(ctx, who, false, { maxAge: sessionConfig.expiresIn });
      // Of one that is too large for a cookie there is nothing to set, and nothing to clear with each page.
      const changesCookie = held !== null || isJwtCookie(ctx, token.token);
      if ((held !== token.token || renewed) && keepsCookies && changesCookie) {
        const isTemporary = await ctx.getSignedCookie(authCookies.dontRememberToken.name, secret);
        setJwtCookie(ctx, token, { untilBrowserCloses: Boolean(isTemporary) });
      }
      return { token: token.token, sessionExpiresAt: who.session.expiresAt.getTime(), now };
    },
  );
}

/** What the caller can wait for is a 503 that says how long: clients ask again by themselves. */
function rethrowToClient(error: unknown): never {
  if (!isGateError(error, "KEYS_CHANGING")) throw error;
  const seconds = String(Math.ceil(Number(error.meta?.["retryAfterMs"]) / 1000));
  throw new APIError(
    "SERVICE_UNAVAILABLE",
    { code: error.code, message: error.message },
    { "Retry-After": seconds, "X-Retry-After": seconds },
  );
}
