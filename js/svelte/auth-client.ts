import type { AuthEndpoints, SessionValue } from "../client/auth-client.js";

/** The parts of a Better Auth client of `better-auth/svelte` that the binding uses. */
export interface AuthClientLike extends AuthEndpoints {
  /** Better Auth's session store. */
  readonly useSession: () => {
    /** Calls back now and on each change. */
    readonly subscribe: (listener: (value: SessionValue) => void) => () => void;
  };
}
