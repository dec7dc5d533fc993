/** The limits of one transaction, which `convex-test` counts, in Convex's words (`database/src/reads.rs`, `writes.rs`). */
import type { Syscalls } from "./syscall-seam.js";

const HELP =
  "Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.";

const WORDS: readonly (readonly [RegExp, (limit: string) => string])[] = [
  [/^Too many index ranges read/, (limit) => `Too many reads ${limit}). ${HELP}`],
  [/^Scanned too many documents/, (limit) => `Too many documents read ${limit}). ${HELP}`],
  [/^Read too much data/, (limit) => `Too many bytes read ${limit} bytes). ${HELP}`],
  [/^Wrote too many documents/, (limit) => `Too many writes ${limit})`],
  [/^Wrote too much data/, (limit) => `Too many bytes written ${limit.replace(/\d+$/, "16 MiB")})`],
];

/** System calls whose limits speak as Convex does. */
export function speakingSyscalls(inner: Syscalls): Syscalls {
  return {
    syscall: (operation, args) => inner.syscall(operation, args),
    jsSyscall: (operation, args) => inner.jsSyscall(operation, args),
    asyncSyscall: (operation, args) =>
      inner.asyncSyscall(operation, args).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : "";
        const limit = /in a single function execution \(limit: \d+/.exec(message)?.[0];
        const words = WORDS.find(([theirs]) => theirs.test(message))?.[1];
        throw words && limit !== undefined ? new Error(words(limit)) : error;
      }),
  };
}
