/** How Convex runs a mutation again that others were too quick for (`application_function_runner/mod.rs`). */
import { Refusal } from "./refusal.js";

/** How often (`UDF_EXECUTOR_OCC_MAX_RETRIES`). */
const MAX_RETRIES = 4;

/** Its pauses: each is up to twice as long as the one before (`UDF_EXECUTOR_OCC_INITIAL_BACKOFF_MS` and `_MAX_`). */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

const AGAIN = ["OptimisticConcurrencyControlFailure", "TooManyWrites"];

/** Runs `once` until it is not refused for one of these reasons, five times at most, and tells of each time that it was. */
export async function retried<T>(
  once: () => Promise<T>,
  refused: (isLast: boolean) => void = () => undefined,
): Promise<T> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof Refusal) || !AGAIN.includes(error.code)) throw error;
      refused(retries === MAX_RETRIES);
      if (retries === MAX_RETRIES) throw error;
      const bound = Math.min(FIRST_PAUSE_MS * 2 ** retries, LONGEST_PAUSE_MS);
      await pause(Math.random() * bound);
    }
  }
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
