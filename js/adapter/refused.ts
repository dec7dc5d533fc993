/**
 * Whether Convex had no room for an operation of a request. Better Auth (1.7) catches errors of its database in places and
 * goes on as if there were no session, or nothing to delete: who is signed in would be told that nobody is, and who ends all
 * sessions that it is done.
 */
import { isGateError } from "../errors/index.js";
import { carriedBy } from "./carried.js";
import type { ConvexGateStore } from "./store.js";

/** The refusals of one Better Auth instance, which on Convex is that of one request. */
export interface Refused {
  note(error: unknown): void;
  /** Whether there was any since the last time. */
  take(): boolean;
}

/** There was none yet. */
export function createRefused(): Refused {
  let any = false;
  return {
    note(error) {
      any ||= isGateError(error, "TOO_BUSY");
    },
    take() {
      const taken = any;
      any = false;
      return taken;
    },
  };
}

/** A store whose refusals are noted. */
export function noting(store: ConvexGateStore, refused: Refused): ConvexGateStore {
  const { log } = store;
  const noted = <T>(call: Promise<T>): Promise<T> =>
    call.catch((error: unknown) => {
      refused.note(error);
      throw error;
    });
  return {
    ...store,
    run: (method, args) => noted(store.run(method, args)),
    ...(log && {
      log: {
        commit: (steps) => noted(log.commit(steps)),
        speculate: (steps) => noted(log.speculate(steps)),
      },
    }),
  };
}

/** The refusals of a Better Auth adapter's instance; undefined for an adapter that is not convex-gate's. */
export function refusedOf(adapter: unknown): Refused | undefined {
  return carriedBy(adapter, "refused") as Refused | undefined;
}
