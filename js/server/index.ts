/** `convex-gate`: what an app's Convex functions import. */
export { isGateError } from "../errors/index.js";
export type { GateErrorCode } from "../errors/index.js";
export { createClient } from "./create-client.js";
export type { AuthClient } from "./create-client.js";
export type { TrustedProxy } from "./client-ip.js";
export type { AuthSession, AuthUser } from "./auth-rows.js";
export type { CleanUpOptions, HouseKeeping } from "./house-keeping.js";
// The types of what `importApi()` gives, which an app exports.
export type { ImportTarget, PageAnswer } from "../import/protocol.js";
export type { PageArguments } from "./import/import-api.js";
export type { RouteOptions } from "./routes.js";
export { ssoAction } from "./sso-action.js";
export type { SessionClient } from "./session-client.js";
export type { LiveSession, SessionState } from "./session-user.js";
export type { TriggersApi } from "./triggers/index.js";
export type {
  BeforeCreate,
  ModelTriggers,
  TriggerFunctions,
  TriggerOptions,
  TriggerRow,
  Triggers,
} from "./triggers/types.js";
export type { AuthId } from "./typed-ids.js";
export { vAuthId } from "./typed-ids.js";
export type {
  AuthDoc,
  AuthDocs,
  AuthJson,
  AuthModel,
  AuthRow,
  AuthRows,
  AuthSessionOf,
  AuthUserOf,
} from "./typed-rows.js";
export type {
  AuthInstance,
  CorsOptions,
  CreateAuth,
  CreateClientOptions,
  GenericCtx,
  GenericReadCtx,
  GenericWriteCtx,
  Origins,
  SessionOptions,
} from "./types.js";
