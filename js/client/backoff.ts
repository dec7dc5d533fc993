/**
 * Repeats something that failed, ever more slowly. Libraries for it run a function until it succeeds; here an attempt is planned,
 * hurried or forgotten by what the page learns meanwhile.
 */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Attempts that follow a failure. */
export interface Backoff {
  /** Plans the next attempt, unless one is planned. `atLeastMs` is the server's own wish. */
  plan(attempt: () => void, atLeastMs?: number): void;
  /** Makes a planned attempt at once, as when the network is back. */
  hurry(): void;
  /** Forgets a planned attempt and starts over with short pauses. */
  reset(): void;
}

/** Doubling pauses with jitter, so that clients that failed together do not come back together. */
export function createBackoff(random: () => number = Math.random): Backoff {
  let failures = 0;
  let planned: { timer: ReturnType<typeof setTimeout>; attempt: () => void } | undefined;

  const run = (): void => {
    const attempt = planned?.attempt;
    clearTimeout(planned?.timer);
    planned = undefined;
    attempt?.();
  };

  return {
    plan(attempt, atLeastMs = 0) {
      if (planned) return;
      const longest = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures += 1;
      const pause = Math.max(atLeastMs, longest / 2 + random() * (longest / 2));
      planned = { timer: setTimeout(run, pause), attempt };
    },
    hurry: run,
    reset() {
      failures = 0;
      clearTimeout(planned?.timer);
      planned = undefined;
    },
  };
}
