/** `convex-gate/session`: who is signed in, for functions that need nothing else of Better Auth. */
export type { AuthSession, AuthUser } from "../server/auth-rows.js";
export { createSessionClient } from "../server/session-client.js";
export type { SessionClient } from "../server/session-client.js";
export type { LiveSession } from "../server/session-user.js";
export type { AuthId } from "../server/typed-ids.js";
export { vAuthId } from "../server/typed-ids.js";
export type {
  AuthDoc,
  AuthDocs,
  AuthJson,
  AuthModel,
  AuthRow,
  AuthRows,
  AuthSessionOf,
  AuthUserOf,
} from "../server/typed-rows.js";
export type { GenericReadCtx, GenericWriteCtx, SessionOptions } from "../server/types.js";
