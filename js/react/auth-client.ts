import type { AuthEndpoints, SessionValue } from "../client/auth-client.js";

/** The parts of a Better Auth client of `better-auth/react` that the provider uses. */
export interface AuthClientLike extends AuthEndpoints {
  /** Better Auth's session hook. */
  readonly useSession: () => SessionValue;
}
