/** How much a deployment may write in a second (`database/src/snapshot_manager.rs`, `MAX_BYTES_WRITTEN_PER_SECOND`). */
import { getDocumentSize } from "convex/values";
import { TOO_MANY_WRITES } from "./overload.js";
import { Refusal } from "./refusal.js";

const MAX_BYTES = 4 << 20;
const WINDOW_MS = 1_000;

/** The writes of the last second. */
export interface WriteRate {
  /** Notes the documents of a commit, or refuses it when too much was written before it. */
  record(documents: readonly (Record<string, unknown> | null)[]): void;
}

/** Nothing is written yet. */
export function createWriteRate(): WriteRate {
  let recent: { at: number; bytes: number }[] = [];
  return {
    record(documents) {
      const now = Date.now();
      recent = recent.filter(({ at }) => at > now - WINDOW_MS);
      if (recent.reduce((sum, { bytes }) => sum + bytes, 0) >= MAX_BYTES)
        throw new Refusal("TooManyWrites", TOO_MANY_WRITES, 429);
      const bytes = documents.reduce(
        (sum, document) => sum + (document ? getDocumentSize(document as never) : 0),
        0,
      );
      recent.push({ at: now, bytes });
    },
  };
}
