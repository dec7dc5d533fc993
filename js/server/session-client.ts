/** Who is signed in, and signing people out: the part of the client that needs nothing of Better Auth. */
import type { GenericDataModel } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { revokeAll, revokeOne, revokingBy } from "./revoke.js";
import type { RevokeIn } from "./revoke.js";
import { liveSession, presentedSession, presentedUser, unauthenticated } from "./session-user.js";
import type { LiveSession } from "./session-user.js";
import type { AuthUserOf } from "./typed-rows.js";
import type { GenericReadCtx, GenericWriteCtx, SessionOptions } from "./types.js";

/**
 * Sessions and users of the installed auth component. `Source` is the type of the app's `createAuth`, which tells the
 * fields of users and sessions ({@link AuthUserOf}).
 */
export interface SessionClient<
  DataModel extends GenericDataModel = GenericDataModel,
  Source = unknown,
> {
  /** The signed-in user, checked against the live session. Throws `ConvexError` `{ code: "UNAUTHENTICATED" }`. */
  getAuthUser(ctx: GenericReadCtx<DataModel>): Promise<AuthUserOf<Source>>;
  /** The signed-in user, checked against the live session, or null. */
  safeGetAuthUser(ctx: GenericReadCtx<DataModel>): Promise<AuthUserOf<Source> | null>;
  /**
   * The session of a session token and its user, or null when it is gone or over: one component query. For HTTP actions,
   * with `readSessionToken` of `convex-gate/jwt`; in queries use `getAuthUser`, which reads no clock.
   */
  getSessionByToken(
    ctx: Pick<GenericReadCtx<DataModel>, "runQuery">,
    token: string,
  ): Promise<LiveSession<Source> | null>;
  /** The user with this id, or null. */
  getAnyUserById(ctx: GenericReadCtx<DataModel>, id: string): Promise<AuthUserOf<Source> | null>;
  /** Signs one session out. Subscribed clients notice at once. Gives false when it was already gone. */
  revokeSession(ctx: GenericWriteCtx<DataModel>, sessionId: string): Promise<boolean>;
  /**
   * Signs a user out everywhere and tells how many sessions there were. An action does it in pages, however many there
   * are; a mutation throws `ConvexError` `{ code: "LIMIT_EXCEEDED" }` where they are too many for one transaction, and then
   * none is gone.
   */
  revokeUserSessions(ctx: GenericWriteCtx<DataModel>, userId: string): Promise<number>;
}

/**
 * Binds an app to the sessions of its auth component. The same methods as `createClient` has, in a module that imports
 * nothing of Better Auth: functions that only ask who is signed in start faster with it. Imported from
 * `convex-gate/session`. With the type of the app's `createAuth`, `createSessionClient<DataModel, typeof createAuth>(…)`,
 * users and sessions have the fields of its plugins and its own; at run time nothing of it is there.
 *
 * @param component `components.betterAuth` of the app's generated code, or whatever name it was installed under.
 * @param revokeIn How sessions are ended, which `createClient` knows of an app with triggers: ended by a client of this
 * function alone, sessions fire none.
 */
export function createSessionClient<
  DataModel extends GenericDataModel = GenericDataModel,
  Source = unknown,
>(
  component: ComponentApi,
  options: SessionOptions = {},
  revokeIn: RevokeIn = revokingBy(component),
): SessionClient<DataModel, Source> {
  const client: SessionClient<DataModel> = {
    async getAuthUser(ctx) {
      const live = await liveSession(component, ctx, options);
      if (!live) throw unauthenticated();
      return live.user;
    },

    async safeGetAuthUser(ctx) {
      return (await liveSession(component, ctx, options))?.user ?? null;
    },

    async getSessionByToken(ctx, token) {
      const found = await ctx.runQuery(component.gate.sessionByToken, { token });
      if (found === null) return null;
      const live = presentedSession(found);
      // A row without a time, whatever the reason, is no session.
      const expiresAt: unknown = live.session.expiresAt;
      return typeof expiresAt === "number" && expiresAt > Date.now() ? live : null;
    },

    async getAnyUserById(ctx, id) {
      const user = (await ctx.runQuery(component.gate.getUser, { id })) as Record<
        string,
        unknown
      > | null;
      return user && presentedUser(user);
    },

    revokeSession: (ctx, sessionId) => revokeOne(revokeIn(ctx), sessionId),
    revokeUserSessions: (ctx, userId) => revokeAll(revokeIn(ctx), ctx, userId),
  };
  return client as SessionClient<DataModel, Source>;
}
