/**
 * Another try for calls that Convex refused for want of room. Convex itself runs a mutation five times, within about a
 * second (convex-backend, August 2026: `UDF_EXECUTOR_OCC_*`); where hundreds want one row that is not enough for all.
 * Libraries that retry have one rule for all errors; here it depends on what was refused, and on what has begun.
 */
import type { Crowding } from "./crowding.js";
import { crowdingOf } from "./crowding.js";

type Calls = Readonly<Record<Crowding, number>>;

/** How often a call is made at most. What takes too long once mostly does again. */
const MOST_CALLS: Calls = { conflict: 8, overload: 4, timeout: 2 };

/**
 * The same for work that has begun and would be left half done: about a quarter of a minute. Convex (1.48) writes 4 MiB a
 * second for all requests together, and what is done in pages may be what fills them.
 */
const MOST_CALLS_ONCE_BEGUN: Calls = { ...MOST_CALLS, overload: 12 };

/** Bounds of the pauses in ms: each is twice the one before. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

/**
 * Makes a call of a Convex function, in an action once more after each refusal that means that nothing was written: after a
 * pause with full jitter, and not for ever. In a mutation it is called once: what it writes is part of that mutation, which
 * Convex runs again as a whole. With `begun` the call goes on with what calls before it have done in part.
 */
export async function retrying<T>(
  ctx: object,
  call: () => Promise<T>,
  { begun = false }: { readonly begun?: boolean } = {},
): Promise<T> {
  if (!isAction(ctx)) return call();
  const most = begun ? MOST_CALLS_ONCE_BEGUN : MOST_CALLS;
  for (let calls = 1; ; calls += 1) {
    try {
      return await call();
    } catch (error) {
      const crowding = crowdingOf(error);
      if (crowding === undefined || calls >= most[crowding]) throw error;
    }
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** (calls - 1), LONGEST_PAUSE_MS));
  }
}

/** True for an action's ctx, in which each call of a function is a transaction of its own. */
export function isAction(ctx: object): boolean {
  return "runAction" in ctx && ctx.runAction !== undefined;
}

/** Waits for a part of `bound` ms, so that those who met do not meet again. */
export function pause(bound: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * bound));
}
