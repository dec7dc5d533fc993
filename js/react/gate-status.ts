import { createContext, useContext } from "react";
import type { ConvexLink } from "../client/convex-link.js";
import type { Doubt } from "../client/doubt.js";
import type { Holder } from "../client/convex-link.js";
import type { Gate } from "../client/gate.js";
import type { GateStatus } from "../client/gate-status.js";

/** What a provider tells the components below it. */
export interface GateView {
  readonly status: GateStatus;
  /** The id of the session that is signed in, or what stands for one that is not told; otherwise null. */
  readonly sessionId: string | null;
  /** The server rendered the page for this session: what is protected need not wait for Convex. */
  readonly rendered: boolean;
  /** What fails has been tried several times. */
  readonly stuck: boolean;
  /** Asks the server now whether the session is alive. */
  readonly recheck: () => Promise<void>;
  /** What is thought of queries that are refused; null outside the provider. */
  readonly doubt: Doubt | null;
  /** Whose results Convex has; null outside the provider. */
  readonly holder: Holder | null;
  /** What is known, and what becomes known; null outside the provider. */
  readonly gate: Pick<Gate, "state" | "subscribe"> | null;
  /** Convex's identity; null outside the provider. */
  readonly link: ConvexLink | null;
}

/** Outside the provider nothing is known. */
export const GateContext: React.Context<GateView> = createContext<GateView>({
  status: { session: "unknown", degraded: false, reason: null },
  sessionId: null,
  rendered: false,
  stuck: false,
  recheck: () => Promise.resolve(),
  doubt: null,
  holder: null,
  gate: null,
  link: null,
});

/** How auth is doing, under `ConvexBetterAuthProvider`. Imported from `convex-gate/react`. */
export function useGateStatus(): GateStatus {
  return useContext(GateContext).status;
}
