/**
 * Requests under way that may replace the session of a browser, as a sign-up does for a guest and a second factor for
 * everybody. The server ends the old session before its answer with the new one is here: who asks in between is told
 * that nobody is signed in.
 */
import { readNote, writeNote } from "./browser-notes.js";
import { perClient } from "./per-client.js";

/** The writes of one Better Auth client, and of the other tabs of its browser. */
export interface WriteWatch {
  readonly around: (request: () => Promise<Response>) => Promise<Response>;
  /** Settles when none is under way. Never rejects. */
  readonly settled: () => Promise<void>;
  /**
   * Whether one is under way, or ended a moment ago and after `since`, ms since the epoch, when the session was last read: one
   * that ends now may have been replaced.
   */
  readonly recent: (since: number) => boolean;
}

/** The watch of the client with this fetch. */
export const writeWatchOf: (clientFetch: object) => WriteWatch = perClient(createWatch);

/** For longer than this nobody waits for a write of another tab, which may have been closed. */
const RECENT_MS = 10_000;
const LOOK_AGAIN_MS = 100;
/** ms since the epoch at which the browser's last write began, or ended: then with a minus. */
const NOTE = "write";

function createWatch(): WriteWatch {
  const flights = new Set<Promise<Response>>();
  // For where there are no notes: no other tab writes there.
  let own = 0;

  function note(at: number): void {
    own = at;
    writeNote(NOTE, String(at));
  }

  /** When the last write began or ended, if that is not long ago; 0 otherwise. */
  function lastWrite(): number {
    const at = Number(readNote(NOTE) ?? own);
    return Math.abs(Date.now() - Math.abs(at)) < RECENT_MS ? at : 0;
  }

  return {
    async around(request) {
      const flight = request();
      flights.add(flight);
      note(Date.now());
      try {
        return await flight;
      } finally {
        flights.delete(flight);
        if (flights.size === 0) note(-Date.now());
      }
    },
    async settled() {
      if (flights.size === 0 && !(lastWrite() > 0)) return;
      await Promise.allSettled(flights);
      // The client takes the cookies of an answer after this.
      await new Promise((resolve) => setTimeout(resolve, 0));
      while (lastWrite() > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    },
    recent: (since) => flights.size > 0 || lastWrite() > 0 || -lastWrite() > since,
  };
}
