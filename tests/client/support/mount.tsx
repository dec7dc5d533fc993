/** Mounts the provider over a recording Convex client and notes what `convex/react` shows below it. */
import { act, render } from "@testing-library/react";
import type { RenderResult } from "@testing-library/react";
import type { ConvexReactClient } from "convex/react";
import { useConvexAuth } from "convex/react";
import type { ReactElement, ReactNode } from "react";
import { StrictMode } from "react";
import { vi } from "vitest";
import type { GateStatus, InitialState } from "../../../js/react/index.js";
import { ConvexBetterAuthProvider, useGateStatus } from "../../../js/react/index.js";
import type { FakeAuthClient } from "./fake-auth-client.js";
import type { RecordingConvex } from "./recording-convex.js";

export interface Mounted extends RenderResult {
  /** What was shown, without repetitions: `loading`, `in`, `out`. */
  readonly shown: string[];
  readonly status: () => Omit<GateStatus, "reason">;
  readonly reason: () => GateStatus["reason"];
}

/** The recorder only has what identities need. */
export function asConvex(convex: RecordingConvex): ConvexReactClient {
  // Subscriptions are of no interest here, and the real class has private members that no stand-in can have.
  return convex as unknown as ConvexReactClient;
}

export function mount(
  convex: RecordingConvex,
  authClient: FakeAuthClient,
  options: {
    initialToken?: string;
    initialState?: InitialState;
    strict?: boolean;
    children?: ReactNode;
  } = {},
): Mounted {
  const shown: string[] = [];
  let { reason, ...status }: GateStatus = { session: "unknown", degraded: false, reason: null };

  function Probe(): ReactElement {
    const { isLoading, isAuthenticated } = useConvexAuth();
    const now = isLoading ? "loading" : isAuthenticated ? "in" : "out";
    if (shown.at(-1) !== now) shown.push(now);
    ({ reason, ...status } = useGateStatus());
    return <p>{now}</p>;
  }

  const app = (
    <ConvexBetterAuthProvider
      client={asConvex(convex)}
      authClient={authClient}
      initialToken={options.initialToken}
      initialState={options.initialState}
    >
      <Probe />
      {options.children}
    </ConvexBetterAuthProvider>
  );
  const result = render(options.strict ? <StrictMode>{app}</StrictMode> : app);
  return { ...result, shown, status: () => status, reason: () => reason };
}

/**
 * Lets time pass, with everything that happens meanwhile. React 18 shows nothing before an `act` ends, so what follows
 * from being shown gets small steps, before and after the long one.
 */
export async function pass(ms: number): Promise<void> {
  const steps = ms >= 1_000 ? STEPS_MS : [];
  let left = ms;
  for (const step of steps) left -= 2 * step;
  for (const step of [...steps, left, ...steps]) await advance(step);
}

const STEPS_MS = [0, 6, 6, 8, 20, 50, 100, 100, 150];

async function advance(ms: number): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
}
