/** `convex-gate/tanstack-start`: Better Auth on Convex in a TanStack Start app. */
import { createIsomorphicFn } from "@tanstack/react-start";
import { createBrowserAuth } from "./browser-auth.js";
import { createServerAuth } from "./server-auth.js";
import type { StartAuth, StartAuthOptions } from "./types.js";

export type { AuthState } from "../ssr/index.js";
export type { QueryClientLike } from "./forget-user.js";
export { StartAuthProvider } from "./start-auth-provider.js";
export type { StartAuthProviderProps } from "./start-auth-provider.js";
export type { RootAuthArgs, RootAuthContext, StartAuth, StartAuthOptions } from "./types.js";

/**
 * Auth for a TanStack Start app on one origin. Its result may be imported anywhere: Start's compiler leaves the server's
 * half out of what browsers load, so it makes no difference that a root route is part of both.
 *
 * @throws GateError `INVALID_OPTION` on the server where an address is missing or malformed.
 */
export const createStartAuth: (options: StartAuthOptions) => StartAuth = createIsomorphicFn()
  .server((options: StartAuthOptions): StartAuth => createServerAuth(options))
  .client((_options: StartAuthOptions): StartAuth => createBrowserAuth());
