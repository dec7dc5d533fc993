/** The cost of one component call in a fresh V8 context, module evaluation included. */
import type { Side } from "./side.js";
import { userRow } from "./side.js";

/** One kind of call, the same on both sides. */
export interface Call {
  name: string;
  /** The app's function that makes it. */
  path: string;
  kind: "query" | "mutation";
  args(side: Side, round: number): object;
}

/** What calls nothing: the host's own cost, told beside the others and taken off one of their two figures. */
export const nothing: Call = {
  name: "nothing",
  path: "calls:nothing",
  kind: "query",
  args: () => ({}),
};

/** A component's function that does nothing: what a second context costs, whatever runs in it. */
export const empty: Call = {
  name: "an empty function in a component",
  path: "calls:empty",
  kind: "query",
  args: () => ({}),
};

/** Every kind that is measured. */
export const calls: readonly Call[] = [
  {
    name: "findOne by unique field",
    path: "calls:findOne",
    kind: "query",
    args: ({ run }) => ({ email: `${run}user7@example.com` }),
  },
  {
    name: "session with user",
    path: "calls:sessionWithUser",
    kind: "query",
    args: ({ run }) => ({ token: `${run}session7` }),
  },
  {
    name: "create a user",
    path: "calls:create",
    kind: "mutation",
    args: ({ name, run }, round) => ({ data: userRow(name, `${run}made${String(round)}`) }),
  },
  {
    name: "list 20 sessions",
    path: "calls:listSessions",
    kind: "query",
    args: ({ userId }) => ({ userId }),
  },
  { name: "count 100 users", path: "calls:count", kind: "query", args: () => ({}) },
];

/** What one call over HTTP took. */
export interface CallTime {
  /** Milliseconds until the answer was there. */
  ms: number;
  /** Milliseconds of processor time, of all threads: client and host share a process. Other programs do not add to it. */
  cpuMs: number;
}

/** Makes one call. */
export async function timeCall(side: Side, call: Call, round: number): Promise<CallTime> {
  const args = call.args(side, round);
  const cpuAtStart = process.cpuUsage();
  const startedAt = performance.now();
  await side.call(call.kind, call.path, args);
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuAtStart);
  return { ms, cpuMs: (user + system) / 1000 };
}
