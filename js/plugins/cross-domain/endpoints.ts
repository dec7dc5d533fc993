import type { Session, StandardSchemaV1, User } from "better-auth";
import type { AuthEndpoint } from "better-auth/api";
import { APIError, createAuthEndpoint, formCsrfMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { parseSessionOutput, parseUserOutput } from "better-auth/db";
import { schemaOf } from "../shared/standard-schema.js";
import { openStart, redeemOneTimeToken } from "./flow.js";
import { START_PATH } from "./response.js";

/** What the tab sends to turn a one-time token into a session. */
export type RedeemBody = { token: string; verifier: string };

/** The session that a one-time token stood for. */
export type RedeemAnswer = {
  session: Session & Record<string, unknown>;
  user: User & Record<string, unknown>;
};

/** The endpoints of the `crossDomain()` plugin by their name in `auth.api`. */
export type CrossDomainEndpoints = {
  verifyCrossDomainToken: AuthEndpoint<
    "/cross-domain/one-time-token/verify",
    { method: "POST"; body: StandardSchemaV1<RedeemBody> },
    RedeemAnswer
  >;
  startCrossDomainFlow: AuthEndpoint<
    typeof START_PATH,
    {
      method: "GET";
      query: StandardSchemaV1<{ flow: string }>;
      requireHeaders: true;
      metadata: { scope: "http" };
    },
    never
  >;
};

const redeemBody = schemaOf<RedeemBody>((value) => {
  const { token, verifier } = (value ?? {}) as Record<string, unknown>;
  if (typeof token !== "string" || token === "") return { problem: "token must be a string" };
  if (typeof verifier !== "string" || verifier === "")
    return { problem: "verifier must be a string" };
  return { value: { token, verifier } };
});

const startQuery = schemaOf<{ flow: string }>((value) => {
  const { flow } = (value ?? {}) as Record<string, unknown>;
  return typeof flow === "string" ? { value: { flow } } : { problem: "flow must be a string" };
});

/** The endpoints: one to redeem a one-time token, one to pass through on the way to a provider. */
export function crossDomainEndpoints(): CrossDomainEndpoints {
  return {
    verifyCrossDomainToken: createAuthEndpoint(
      "/cross-domain/one-time-token/verify",
      { method: "POST", body: redeemBody, use: [formCsrfMiddleware] },
      async (ctx): Promise<RedeemAnswer> => {
        ctx.setHeader("Cache-Control", "no-store");
        const { token, verifier } = ctx.body;
        const sessionToken = await redeemOneTimeToken(ctx.context, token, verifier);
        const found = sessionToken && (await ctx.context.internalAdapter.findSession(sessionToken));
        if (!found || found.session.expiresAt <= new Date())
          // One answer for every reason: nothing is learnt from trying.
          throw new APIError("UNAUTHORIZED", {
            code: "INVALID_ONE_TIME_TOKEN",
            message: "The one-time token is unknown, used, expired or belongs to another tab.",
          });
        await setSessionCookie(ctx, found);
        return {
          session: parseSessionOutput(ctx.context.options, found.session),
          user: parseUserOutput(ctx.context.options, found.user),
        };
      },
    ),
    startCrossDomainFlow: createAuthEndpoint(
      START_PATH,
      { method: "GET", query: startQuery, requireHeaders: true, metadata: { scope: "http" } },
      async (ctx): Promise<never> => {
        const start = await openStart(ctx.context, ctx.query.flow);
        if (!start)
          throw new APIError("BAD_REQUEST", {
            code: "INVALID_FLOW",
            message: "Start the sign-in again.",
          });
        // A stranger may have started this flow and sent its link to someone else. Signing in ends
        // at the verifier, which the stranger's tab has. Linking an account takes effect before
        // that, so there the page must prove to be ours.
        const referrer = ctx.headers.get("referer");
        const isOurs = referrer ? ctx.context.isTrustedOrigin(referrer) : !start.actsOnUser;
        if (!isOurs)
          throw new APIError("FORBIDDEN", {
            code: "FLOW_NOT_STARTED_HERE",
            message:
              "This address must be opened from the app itself. If it was, let the app's Referrer-Policy send its origin.",
          });
        for (const entry of start.cookies) ctx.responseHeaders.append("set-cookie", entry);
        ctx.setHeader("Cache-Control", "no-store");
        throw ctx.redirect(start.url);
      },
    ),
  };
}
