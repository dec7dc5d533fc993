import type { AuthState } from "./auth-machine.js";
import type { DegradedReason } from "./trouble.js";
import { reasonOf } from "./trouble.js";

/** How auth is doing, for a status line or a banner. */
export interface GateStatus {
  /** What is known of the session. `unknown` is neither signed in nor signed out. */
  readonly session: "unknown" | "signedIn" | "signedOut";
  /** True while a server cannot be reached or gives no answer: nobody is signed out by that, and retries are under way. */
  readonly degraded: boolean;
  /** Why; null while `degraded` is false. */
  readonly reason: DegradedReason | null;
}

/** The status that a state shows as. */
export function statusOf({ session, trouble }: AuthState): GateStatus {
  const reason = reasonOf(trouble);
  return { session: session.status, degraded: reason !== null, reason };
}
