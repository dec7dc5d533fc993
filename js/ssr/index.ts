/**
 * `convex-gate/ssr`: auth for a server that renders an app, for any framework that has Request and Response. Nothing of
 * React or Better Auth, and no API of Node.
 */
import { passOn } from "./proxy.js";
import { createRequestAuth } from "./request-auth.js";
import { settingsOf } from "./settings.js";
import type { AuthServer, AuthServerOptions } from "./types.js";

/**
 * Makes the auth of a server. Asks for nothing and keeps nothing of any request.
 *
 * Throws GateError `INVALID_OPTION` for an address that is missing or cannot be meant, and names the variable to set.
 */
export function createAuthServer(options: AuthServerOptions): AuthServer {
  const settings = settingsOf(options);
  return {
    handler: (request, more = {}) => passOn(settings, request, more),
    forRequest: (headers, more = {}) => createRequestAuth(settings, headers, more),
  };
}

export { GateError, isGateError } from "../errors/index.js";
export type { GateErrorCode } from "../errors/index.js";
export type {
  AuthServer,
  AuthServerOptions,
  AuthState,
  ClientIp,
  HandlerOptions,
  ProxyOptions,
  RequestAuth,
  RequestOptions,
} from "./types.js";
