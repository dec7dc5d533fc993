/** What each operation of a case cost: component calls and documents read, as the host counts them. */
import type { Host } from "../../host/index.js";

/** One request of a case. */
export interface Operation {
  /** `METHOD /path`. */
  label: string;
  calls: number;
  reads: number;
  /** Why it has to look at many rows; absent for nearly all. */
  inherent?: string;
  /** Whether the browser opened it itself, so that on two origins it was brought home. */
  isNavigation?: true;
  /** Whether a tab asked for its session, which may bring a token with it. */
  mayBringToken?: true;
}

/** Charges what happens during a request to it. */
export interface Recorder {
  /** Runs `work`; without an operation nothing is written down. */
  during<T>(
    operation:
      | (Pick<Operation, "label"> & {
          inherent?: string | undefined;
          isNavigation?: boolean;
          mayBringToken?: boolean;
        })
      | undefined,
    work: () => Promise<T>,
  ): Promise<T>;
  /** Everything written down since the last time. */
  take(): Operation[];
}

/** A recorder over a host's metrics. */
export function createRecorder(host: Host): Recorder {
  let operations: Operation[] = [];
  return {
    async during(operation, work) {
      host.metrics.reset();
      const result = await work();
      const { calls, componentCalls } = host.metrics.snapshot();
      // On a real backend each would cost a warm context, and begin another with memory of its own.
      const dropped = componentCalls.filter(({ contextDropped }) => contextDropped);
      if (dropped.length > 0)
        throw new Error(
          `threw and lost its context: ${dropped.map((call) => call.function).join()}`,
        );
      if (operation) {
        // A browser keeps the answer to a preflight: its one question to the component is no part of an operation.
        const preflights = calls.filter((call) => call.function.startsWith("http:OPTIONS "));
        const ofPreflights = componentCalls
          .filter((call) => call.function === "gate:lane")
          .slice(0, preflights.length);
        // What the fast lane notes of an app it notes once for many requests, after the answer.
        const charged = componentCalls.filter(
          (call) => call.function !== "gate:noteLane" && !ofPreflights.includes(call),
        );
        operations.push({
          label: operation.label,
          // Commits and rehearsals have their work done by a function within the component.
          calls: charged.filter((call) => call.function !== "gate:replay").length,
          reads: charged.reduce((sum, call) => sum + call.documentsRead, 0),
          ...(operation.inherent === undefined ? {} : { inherent: operation.inherent }),
          ...(operation.isNavigation ? { isNavigation: true } : {}),
          ...(operation.mayBringToken ? { mayBringToken: true } : {}),
        });
      }
      return result;
    },
    take() {
      const taken = operations;
      operations = [];
      return taken;
    },
  };
}
