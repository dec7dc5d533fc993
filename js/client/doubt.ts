/**
 * What to think of a query that was refused. The session may be over, or another one may have taken its place that Convex
 * does not have yet: until that is known, what is shown stays.
 */

/** The doubt about one session. */
export interface Doubt {
  readonly is: () => boolean;
  /** Asks the server, unless it is being asked. */
  readonly raise: () => void;
  /** Convex has taken an identity: what it answers now is the truth. */
  readonly settle: () => void;
  /** Calls back when a doubt is over. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Longer than this nothing is kept that was refused. */
const LONGEST_MS = 10_000;

/** Makes a doubt. `recheck` asks the server, and gives Convex a new token when the session is alive. */
export function createDoubt(recheck: () => Promise<void>): Doubt {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  function over(): void {
    timer = undefined;
    for (const listener of [...listeners]) listener();
  }

  return {
    is: () => timer !== undefined,
    raise() {
      if (timer !== undefined) return;
      timer = setTimeout(over, LONGEST_MS);
      void recheck();
    },
    settle() {
      if (timer === undefined) return;
      clearTimeout(timer);
      // Convex reports the identity before the results that came with it (convex 1.48).
      timer = setTimeout(over, 0);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
