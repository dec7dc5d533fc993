/** What a list may hold: a function of Convex (1.48) has 64 MiB, Better Auth among it, and ends without a word past that. */
import { bytesOf } from "./limits.js";
import { limitExceeded } from "./refusals.js";
import type { ConvexGateStoreRecord } from "./store.js";

/** Bytes for the rows of one list, about 30,000 users. */
const MOST = 45 << 20;

/**
 * What a row takes at its most, while Better Auth makes its own row of it, measured for users and sessions: about 1,000
 * bytes, and each byte of it two and a half times.
 */
const OF_A_ROW = 1_000;
const OF_A_BYTE = 2.5;

/** Counts the rows of a list as they arrive. */
export interface ListMemory {
  /** @throws GateError `LIMIT_EXCEEDED` when there are more than fit. */
  add(rows: readonly ConvexGateStoreRecord[]): void;
  /** Rows that are kept of those that came, where only the first are wanted. */
  keep(rows: readonly ConvexGateStoreRecord[]): void;
}

/** The memory of one list. */
export function createListMemory(): ListMemory {
  let held = 0;
  return {
    add(rows) {
      held += taken(rows);
      if (held > MOST) {
        throw limitExceeded(
          "this list is larger than the 64 MiB of memory of a function: ask for fewer rows with `limit`, and for the next ones with a filter such as `createdAt` greater than that of the last row",
          { limit: "bytes of a list", most: MOST },
        );
      }
    },
    keep(rows) {
      held = taken(rows);
    },
  };
}

function taken(rows: readonly ConvexGateStoreRecord[]): number {
  return rows.reduce((sum, row) => sum + OF_A_ROW + OF_A_BYTE * bytesOf(row), 0);
}
