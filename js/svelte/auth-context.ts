import { getContext, setContext } from "svelte";
import type { Doubt } from "../client/doubt.js";
import type { GateStatus } from "../client/gate-status.js";
import { GateError } from "../errors/index.js";

/** Who is signed in, and how auth is doing. Its members are reactive: read them where they are used, do not destructure. */
export interface Auth extends GateStatus {
  /**
   * Protected queries may run: Convex has the session's identity, or gets it before any query on a page that the server
   * rendered signed in.
   */
  readonly isAuthenticated: boolean;
  /** It is not known yet whether somebody is signed in, or Convex has not confirmed it. */
  readonly isLoading: boolean;
}

/** What {@link setupAuth} keeps for the components below it. */
export interface AuthContext {
  readonly auth: Auth;
  /** The session that is signed in, or null. Not reactive. */
  readonly sessionId: () => string | null;
  /** What is thought of queries that are refused. */
  readonly doubt: Doubt;
}

// A package that a bundler holds twice has one key all the same.
const KEY = Symbol.for("convex-gate/svelte");

/** Gives auth to the components below this one. */
export function provideAuth(context: AuthContext): void {
  setContext(KEY, context);
}

/**
 * Auth as the components above gave it.
 *
 * @throws GateError `NO_PROVIDER` where none did.
 */
export function requireAuth(asker: string): AuthContext {
  const context = getContext<AuthContext | undefined>(KEY);
  if (context) return context;
  throw new GateError(
    "NO_PROVIDER",
    `${asker} needs setupAuth(authClient) in a component above it, such as src/routes/+layout.svelte`,
  );
}

/**
 * Who is signed in, below a component that called `setupAuth`. To be called while a component is set up.
 *
 * @throws GateError `NO_PROVIDER` elsewhere.
 */
export function useAuth(): Auth {
  return requireAuth("useAuth()").auth;
}
