/** The server's clock, as far as its answers tell it: the device's may be wrong by hours. */

/** The time on the server. */
export interface ServerClock {
  /** ms since the epoch */
  readonly now: () => number;
  /** Takes what the server's clock said, in ms, between a question at `askedAt`, a time of the device's in ms, and now. */
  readonly learn: (told: number, askedAt: number) => void;
}

/** Makes a clock, which is the device's until it has learned otherwise. */
export function createServerClock(): ServerClock {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    learn(told, askedAt) {
      // Nothing between these bounds speaks against what was thought until now.
      aheadMs = Math.max(told - Date.now(), Math.min(told - askedAt, aheadMs));
    },
  };
}
