import { createContext, useContext } from "react";
import type { Doubt } from "../client/doubt.js";
import type { Gate } from "../client/gate.js";
import type { DegradedReason } from "../client/trouble.js";

/** How auth is doing, for a status line or a banner. */
export interface GateStatus {
  /** What is known of the session. `unknown` is neither signed in nor signed out. */
  readonly session: "unknown" | "signedIn" | "signedOut";
  /** True while a server cannot be reached or gives no answer: nobody is signed out by that, and retries are under way. */
  readonly degraded: boolean;
  /** Why; null while `degraded` is false. */
  readonly reason: DegradedReason | null;
}

/** What a provider tells the components below it. */
export interface GateView {
  readonly status: GateStatus;
  /** The server rendered the page for this session: what is protected need not wait for Convex. */
  readonly rendered: boolean;
  /** What fails has been tried several times. */
  readonly stuck: boolean;
  /** Asks the server now whether the session is alive. */
  readonly recheck: () => Promise<void>;
  /** What is thought of queries that are refused; null outside the provider. */
  readonly doubt: Doubt | null;
  /** What is known, and what becomes known; null outside the provider. */
  readonly gate: Pick<Gate, "state" | "subscribe"> | null;
}

/** Outside the provider nothing is known. */
export const GateContext: React.Context<GateView> = createContext<GateView>({
  status: { session: "unknown", degraded: false, reason: null },
  rendered: false,
  stuck: false,
  recheck: () => Promise.resolve(),
  doubt: null,
  gate: null,
});

/** How auth is doing, under `ConvexBetterAuthProvider`. Imported from `convex-gate/react`. */
export function useGateStatus(): GateStatus {
  return useContext(GateContext).status;
}
