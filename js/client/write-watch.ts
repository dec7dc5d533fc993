/**
 * Requests under way that may replace the session of a client, as a sign-up does for a guest and a second factor for
 * everybody. The server ends the old session before its answer with the new one is here: who asks in between is told
 * that nobody is signed in.
 */
import { perClient } from "./per-client.js";

/** The writes of one Better Auth client. */
export interface WriteWatch {
  readonly around: (request: () => Promise<Response>) => Promise<Response>;
  /** Settles when none is under way. Never rejects. */
  readonly settled: () => Promise<void>;
}

/** The watch of the client with this fetch. */
export const writeWatchOf: (clientFetch: object) => WriteWatch = perClient(createWatch);

function createWatch(): WriteWatch {
  const flights = new Set<Promise<Response>>();
  return {
    async around(request) {
      const flight = request();
      flights.add(flight);
      try {
        return await flight;
      } finally {
        flights.delete(flight);
      }
    },
    async settled() {
      if (flights.size === 0) return;
      await Promise.allSettled(flights);
      // The client takes the cookies of an answer after this.
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  };
}
