/** `convex-gate/session`: who is signed in, for functions that need nothing else of Better Auth. */
export { createSessionClient } from "../server/session-client.js";
export type { SessionClient } from "../server/session-client.js";
export type { LiveSession, SessionOptions } from "../server/session-user.js";
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
export type { AuthSession, AuthUser, GenericReadCtx, GenericWriteCtx } from "../server/types.js";
