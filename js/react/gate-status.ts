import { createContext, useContext } from "react";

/** How auth is doing, for a status line or a banner. */
export interface GateStatus {
  /** What is known of the session. `unknown` is neither signed in nor signed out. */
  readonly session: "unknown" | "signedIn" | "signedOut";
  /** True while the server cannot be reached: nobody is signed out by that, and retries are under way. */
  readonly degraded: boolean;
}

/** What a provider tells the components below it. */
export interface GateView {
  readonly status: GateStatus;
  /** The server rendered the page for this session: what is protected need not wait for Convex. */
  readonly rendered: boolean;
  /** Asks the server now whether the session is alive. */
  readonly recheck: () => Promise<void>;
}

/** Outside the provider nothing is known. */
export const GateContext: React.Context<GateView> = createContext<GateView>({
  status: { session: "unknown", degraded: false },
  rendered: false,
  recheck: () => Promise.resolve(),
});

/** How auth is doing, under `ConvexBetterAuthProvider`. Imported from `convex-gate/react`. */
export function useGateStatus(): GateStatus {
  return useContext(GateContext).status;
}
