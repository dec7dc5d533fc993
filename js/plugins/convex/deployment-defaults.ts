/**
 * What Better Auth decides by `NODE_ENV`, decided for Convex, which sets none.
 *
 * Every such guard of Better Auth 1.7 and its official plugins, and what becomes of it (a test keeps this list complete):
 * - The default secret is refused in production only: refused always, see `secret.ts`.
 * - Rate limits are on in production only: on, on a deployment, see `rate-limit.ts`.
 * - Origins are not checked where `NODE_ENV` is "test" or a variable `TEST` is set: checked on a deployment, see below.
 * - Cookies are secure in production only, without a static base URL: the base URL defaults to the deployment's, and with
 *   `allowedHosts` they are secure where the deployment is, see `js/server/deployment-options.ts`.
 * - Without a known address development and test take 127.0.0.1: left, since all such callers share one counter either way.
 * - The page for errors is left out in production, in favour of the root: left, since the site's root is no page of the
 *   app's, and the page shows a checked code and an escaped text.
 * - Two messages are logged in development only, and telemetry (off by default) is silent in tests: left.
 * - `getSessionCookie` for middleware, and clients: not on a deployment.
 */
import type { AuthContext } from "better-auth";
import { readEnv } from "../../auth-config/env.js";

/** True where Convex runs: it sets this variable on every deployment, and tests of functions have none. */
export function isDeployment(): boolean {
  return readEnv("CONVEX_CLOUD_URL") !== undefined;
}

/** On a deployment only the app's options switch the check of origins off, never a variable that is named `TEST`. */
export function checkedOrigins({
  options,
}: Pick<AuthContext, "options">): Pick<AuthContext, "skipOriginCheck"> | undefined {
  if (!isDeployment()) return undefined;
  return { skipOriginCheck: options.advanced?.disableOriginCheck ?? false };
}
