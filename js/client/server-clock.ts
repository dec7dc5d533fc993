/** The server's clock, as far as its tokens tell it: the device's may be wrong by hours. */
import { getTokenIssue } from "./token-expiry.js";

/** `iat` is in whole seconds. */
const SECOND_MS = 1000;

/** The time on the server. */
export interface ServerClock {
  /** ms since the epoch */
  readonly now: () => number;
  /** Takes the time from a token that was made after `askedAt`, a time of the device's in ms. */
  readonly learn: (freshToken: string, askedAt: number) => void;
}

/** Makes a clock, which is the device's until it has learned otherwise. */
export function createServerClock(): ServerClock {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    learn(freshToken, askedAt) {
      const issued = getTokenIssue(freshToken);
      if (issued === null) return;
      // The token was made at some time between question and answer; no more than that proves the device wrong.
      const [least, most] = [issued - Date.now(), issued + SECOND_MS - askedAt];
      aheadMs = least > 0 ? least : Math.min(most, 0);
    },
  };
}
