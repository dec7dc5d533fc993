import { createContext, useContext } from "react";

/** How auth is doing, for a status line or a banner. */
export interface GateStatus {
  /** What is known of the session. `unknown` is neither signed in nor signed out. */
  session: "unknown" | "signedIn" | "signedOut";
  /** True while the auth server cannot be reached: the user stays signed in and retries are under way. */
  degraded: boolean;
}

/** Outside the provider nothing is known. */
export const GateStatusContext: React.Context<GateStatus> = createContext<GateStatus>({
  session: "unknown",
  degraded: false,
});

/** How auth is doing, under `ConvexBetterAuthProvider`. Imported from `convex-gate/react`. */
export function useGateStatus(): GateStatus {
  return useContext(GateStatusContext);
}
