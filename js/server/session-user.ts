/** The signed-in user of a Convex function: one component query, no clock, so Convex can cache it until a row changes. */
import type { UserIdentity } from "convex/server";
import { ConvexError } from "convex/values";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { presented } from "../protocol/row-shape.js";
import type { AuthSessionOf, AuthUserOf } from "./typed-rows.js";
import type { AuthSession, AuthUser } from "./auth-rows.js";
import type { GenericReadCtx, SessionOptions } from "./types.js";

/** A session and its user as they leave the library; dates are ms. */
export interface LiveSession<Source = unknown> {
  session: AuthSessionOf<Source>;
  user: AuthUserOf<Source>;
}

/**
 * The live session behind the caller's JWT, or null: no or a malformed identity, a token of another issuer, an identity
 * without a session (the dashboard's "act as user"), a revoked session. A JWT never outlives its session, so that no
 * expiry has to be compared with a clock here.
 */
export async function liveSession(
  component: ComponentApi,
  ctx: GenericReadCtx,
  options: SessionOptions = {},
): Promise<LiveSession | null> {
  const named = await namedSession(ctx, options);
  if (named === null) return null;
  const found = await ctx.runQuery(component.gate.sessionUser, named);
  return found === null ? null : presentedSession(found);
}

/**
 * Whether the session that the caller's JWT names is alive, by the same look-up; null without such a JWT. Who is told that a
 * session is over is told which: clients change from one to another.
 */
export async function sessionState(
  component: ComponentApi,
  ctx: GenericReadCtx,
  options: SessionOptions = {},
): Promise<SessionState> {
  const named = await namedSession(ctx, options);
  if (named === null) return null;
  const found = await ctx.runQuery(component.gate.sessionUser, named);
  return { sessionId: named.sessionId, live: found !== null };
}

/** What `sessionState` of `clientApi()` answers. */
export type SessionState = { sessionId: string; live: boolean } | null;

async function namedSession(
  ctx: GenericReadCtx,
  options: SessionOptions,
): Promise<{ sessionId: string; userId: string } | null> {
  const identity = await identityOf(ctx);
  if (identity === null) return null;
  if (!isIssuedBy(identity, options.issuer)) {
    warnOfIssuer(identity);
    return null;
  }
  // What another issuer's token says may be of any type, and a wrong one must not reach the component's validators.
  const sessionId: unknown = identity["sessionId"];
  const userId: unknown = identity.subject;
  if (typeof sessionId !== "string" || typeof userId !== "string") return null;
  if (sessionId === "" || userId === "") return null;
  return { sessionId, userId };
}

/** A session and its user as they leave the library. */
export function presentedSession(found: {
  session: Record<string, unknown>;
  user: Record<string, unknown>;
}): LiveSession {
  return {
    session: presented(found.session) as AuthSession,
    user: presentedUser(found.user),
  };
}

/** A user as it leaves the library: a picture, which Better Auth may leave out, reads as null. */
export function presentedUser(user: Record<string, unknown>): AuthUser {
  return { image: null, ...presented(user) } as AuthUser;
}

/** The error of `getAuthUser` where nobody is signed in. */
export function unauthenticated(): ConvexError<{ code: "UNAUTHENTICATED"; message: string }> {
  return new ConvexError({ code: "UNAUTHENTICATED", message: "nobody is signed in" });
}

/**
 * With several providers in `auth.config.ts`, whoever runs another may put any subject and any `sessionId` into a
 * token. Convex itself ignores a slash at an issuer's end.
 */
function isIssuedBy(identity: UserIdentity, issuer = process.env["CONVEX_SITE_URL"]): boolean {
  if (!issuer) return true;
  const given: unknown = identity.issuer;
  return typeof given === "string" && withoutSlash(given) === withoutSlash(issuer);
}

/** Whoever names an issuer of their own in `auth.config.ts` alone finds nobody signed in, and has to learn why. */
function warnOfIssuer({ issuer, ["sessionId"]: sessionId }: UserIdentity): void {
  if (typeof sessionId !== "string") return;
  console.warn(
    `[convex-gate] A token of the issuer ${JSON.stringify(issuer)} names a session and is not taken. If it is this deployment's own, ` +
      "give createClient or createSessionClient that `issuer`.",
  );
}

function withoutSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}

async function identityOf(ctx: GenericReadCtx): Promise<UserIdentity | null> {
  try {
    return (await ctx.auth.getUserIdentity()) ?? null;
  } catch {
    // In an HTTP action Convex throws here when the `Authorization` header holds something that is not its JWT, for
    // instance a bearer token of Better Auth. That is nobody signed in and not a failure.
    return null;
  }
}
