/** Counts the documents that `convex-test` gives to functions, as the local host counts them. */
import { countingSyscalls } from "../host/syscalls.js";
import type { Syscalls } from "../host/syscall-seam.js";

const record = {
  component: "",
  function: "",
  kind: "query" as const,
  documentsRead: 0,
  clockReads: 0,
  contextDropped: false,
  evaluatedBytes: 0,
};
let counting = false;

/** Documents read in this process since the first `convexTest()` of a harness. */
export function documentsRead(): number {
  return record.documentsRead;
}

/** Puts the counter in front of `convex-test`'s system calls, once; call it after `convexTest()`. */
export function countDocumentsRead(): void {
  if (counting) return;
  counting = true;
  const globals = globalThis as unknown as { Convex: Syscalls };
  globals.Convex = countingSyscalls(globals.Convex, record, () => false);
}
