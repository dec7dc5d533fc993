/** The signed-in user of a Convex function: one component query, no clock, so Convex can cache it until a row changes. */
import type { UserIdentity } from "convex/server";
import { ConvexError } from "convex/values";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { withoutHidden } from "../adapter/hidden-fields.js";
import type { AuthUser, GenericReadCtx } from "./types.js";

/** A session and its user as the component keeps them; dates are ms. */
export interface LiveSession {
  session: {
    id: string;
    token: string;
    userId: string;
    expiresAt: number;
    [field: string]: unknown;
  };
  user: AuthUser;
}

/**
 * The live session behind the caller's JWT, or null: no or a malformed identity, a token of another issuer, an identity
 * without a session (the dashboard's "act as user"), a revoked session. A JWT never outlives its session, so that no
 * expiry has to be compared with a clock here.
 */
export async function liveSession(
  component: ComponentApi,
  ctx: GenericReadCtx,
): Promise<LiveSession | null> {
  const identity = await identityOf(ctx);
  // What another issuer's token says may be of any type, and a wrong one must not reach the component's validators.
  const sessionId: unknown = identity?.["sessionId"];
  const userId: unknown = identity?.subject;
  if (typeof sessionId !== "string" || typeof userId !== "string") return null;
  if (sessionId === "" || userId === "") return null;
  const found = await ctx.runQuery(component.sessions.sessionUser, { sessionId, userId });
  return found === null ? null : { session: found.session, user: presentable(found.user) };
}

/**
 * A user as it leaves the library: the fields that Better Auth may leave out read as null, those that the app's schema
 * declares `returned: false` are left out.
 */
export function presentable(user: Record<string, unknown>): AuthUser {
  return { image: null, ...withoutHidden(user) } as AuthUser;
}

/** The error of `getAuthUser` where nobody is signed in. */
export function unauthenticated(): ConvexError<{ code: "UNAUTHENTICATED"; message: string }> {
  return new ConvexError({ code: "UNAUTHENTICATED", message: "nobody is signed in" });
}

async function identityOf(ctx: GenericReadCtx): Promise<UserIdentity | null> {
  try {
    return await ctx.auth.getUserIdentity();
  } catch {
    // In an HTTP action Convex throws here when the `Authorization` header holds something that is not its JWT, for
    // instance a bearer token of Better Auth. That is nobody signed in and not a failure.
    return null;
  }
}
