/**
 * Notices when a request was overtaken: its own look-ups found room for a row, and when it wrote the row, another request
 * had taken the room or had deleted what the row belongs to. Convex makes one of the two wait, the constraint refuses it, and
 * Better Auth (1.7), which looked before, has no answer for that.
 */
import { isGateError } from "../errors/index.js";
import type { GateError } from "../errors/index.js";
import { carriedBy } from "./carried.js";
import type { ConvexGateArguments, ConvexGateMethod, ConvexGateStore } from "./store.js";

/** What one request, or several of one Better Auth instance, met. */
export interface Race {
  /** The refusal of a write by a constraint, if there was one. */
  refusal: GateError | undefined;
  /** Whether anything was written that is of the request itself. */
  written: boolean;
  /** Whether the same request is answered again: it has been counted by the rate limits. */
  again: boolean;
}

/** The race of a Better Auth adapter; undefined for one that is not convex-gate's. */
export function raceOf(adapter: unknown): Race | undefined {
  return carriedBy(adapter, "race") as Race | undefined;
}

/** Nothing was met yet. */
export function createRace(): Race {
  return { refusal: undefined, written: false, again: false };
}

/** A store that keeps its race up to date. */
export function watchingRace(store: ConvexGateStore, race: Race): ConvexGateStore {
  const { log, rateLimits } = store;

  async function watched<T>(writing: boolean, call: Promise<T>): Promise<T> {
    try {
      const result = await call;
      // Null is a row that was not there, or a deletion that may have found some.
      race.written ||= writing && result !== 0;
      return result;
    } catch (error) {
      if (isGateError(error, "UNIQUE_CONSTRAINT") || isGateError(error, "FOREIGN_KEY_CONSTRAINT"))
        race.refusal = error;
      throw error;
    }
  }

  return {
    ...store,
    run: (method, args) => watched(isOwnWrite(method, args), store.run(method, args)),
    ...(log && {
      log: {
        commit: (steps) => watched(true, log.commit(steps)),
        speculate: (steps) => watched(false, log.speculate(steps)),
      },
    }),
    ...(rateLimits && {
      rateLimits: {
        consume: async (...args) =>
          race.again ? { allowed: true, retryAfter: null } : rateLimits.consume(...args),
      },
    }),
  };
}

/** A read is none, nor is what can be done twice: a session that is renewed, or a counter of the rate limits. */
function isOwnWrite<M extends ConvexGateMethod>(method: M, args: ConvexGateArguments[M]): boolean {
  const { model } = args;
  if (method === "update" && model === "session") return false;
  return (
    method !== "findOne" && method !== "findMany" && method !== "count" && model !== "rateLimit"
  );
}
