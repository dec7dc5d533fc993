/** The server's clock, as far as its tokens tell it: the device's may be wrong by hours. */
import { getTokenExpiry, getTokenIssue } from "./token-expiry.js";

/** `iat` is in whole seconds. */
const SECOND_MS = 1000;

/** The time on the server. */
export interface ServerClock {
  /** ms since the epoch */
  readonly now: () => number;
  /**
   * Takes what a token tells that was asked for at `askedAt`, a time of the device's in ms: a fresh one was made between
   * question and answer, any other before the answer, and it had not ended.
   */
  readonly learn: (token: string, askedAt: number, isFresh: boolean) => void;
}

/** Makes a clock, which is the device's until it has learned otherwise. */
export function createServerClock(): ServerClock {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    learn(token, askedAt, isFresh) {
      const [issued, expiry] = [getTokenIssue(token), getTokenExpiry(token)];
      if (issued === null || expiry === null) return;
      const latest = isFresh ? issued + SECOND_MS : expiry;
      // Nothing between these bounds speaks against what was thought until now.
      aheadMs = Math.max(issued - Date.now(), Math.min(latest - askedAt, aheadMs));
    },
  };
}
