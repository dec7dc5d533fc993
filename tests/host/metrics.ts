/** What the host counts, so that a test can say how many component calls a request made and what they read. */

/** The kinds of functions. */
export type FunctionKind = "query" | "mutation" | "action" | "httpAction";

/** One finished or running call of one function. */
export interface CallRecord {
  /** The component's path; empty for the app. */
  component: string;
  /** `module:name`. */
  function: string;
  kind: FunctionKind;
  /** Rows that the function's own queries gave it. */
  documentsRead: number;
  /** How often the handler read the clock, by `Date.now()`, `new Date()` or `performance.now()`. */
  clockReads: number;
  /** True when it threw in a module whose context Convex keeps for the next call: a real backend drops it then. */
  contextDropped: boolean;
  /** Bytes of the module sources that were evaluated for the call, those of dynamic imports as they happen. */
  evaluatedBytes: number;
}

/** Everything counted since the last reset. */
export interface HostMetrics {
  calls: CallRecord[];
  componentCalls: CallRecord[];
}

/** The host's counter. */
export interface Metrics {
  begin(call: Pick<CallRecord, "component" | "function" | "kind">): CallRecord;
  reset(): void;
  snapshot(): HostMetrics;
}

/** A counter that starts empty. */
export function createMetrics(): Metrics {
  let calls: CallRecord[] = [];
  return {
    begin(call) {
      const record = {
        ...call,
        documentsRead: 0,
        clockReads: 0,
        contextDropped: false,
        evaluatedBytes: 0,
      };
      calls.push(record);
      return record;
    },
    reset() {
      calls = [];
    },
    snapshot() {
      const copies = calls.map((call) => ({ ...call }));
      return { calls: copies, componentCalls: copies.filter(({ component }) => component !== "") };
    },
  };
}
