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

/** What calls nothing: the host's own cost, which is taken off. */
export const nothing: Call = {
  name: "nothing",
  path: "calls:nothing",
  kind: "query",
  args: () => ({}),
};

/** Every kind that is measured. */
export const calls: readonly Call[] = [
  {
    name: "findOne by unique field",
    path: "calls:findOne",
    kind: "query",
    args: () => ({ email: "user7@example.com" }),
  },
  {
    name: "session with user",
    path: "calls:sessionWithUser",
    kind: "query",
    args: () => ({ token: "session7" }),
  },
  {
    name: "create a user",
    path: "calls:create",
    kind: "mutation",
    args: ({ name }, round) => ({ data: userRow(name, `made${String(round)}`) }),
  },
  {
    name: "list 20 sessions",
    path: "calls:listSessions",
    kind: "query",
    args: ({ userId }) => ({ userId }),
  },
  { name: "count 100 users", path: "calls:count", kind: "query", args: () => ({}) },
];

/** Milliseconds of one call over HTTP. */
export async function timeCall(side: Side, call: Call, round: number): Promise<number> {
  const args = call.args(side, round);
  const startedAt = performance.now();
  await side.call(call.kind, call.path, args);
  return performance.now() - startedAt;
}
