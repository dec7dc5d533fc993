/** Notices that a time on the server's clock has come, also after sleep and in more days than a timer can count. */

/** Timers stand still while a device sleeps, and count no more than 24.8 days: the clock is looked at this often. */
const LONGEST_PAUSE_MS = 30_000;
/** While an answer does not change the end, it is asked for again after this, and ever more rarely. */
const FIRST_PAUSE_MS = 10_000;
/** A session that is over by a clock in whole seconds is over. */
const MARGIN_MS = 1_000;

/** A watch on one time. */
export interface EndWatch {
  /** Watches for this time, in ms since the epoch, and for no other. */
  readonly set: (at: number | null) => void;
}

/** Makes a watch. `due` is called when the time has come by `now`, and again while that is still the time to watch for. */
export function createEndWatch(now: () => number, due: () => void): EndWatch {
  let end: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // By the device's clock.
  let notBefore = 0;
  let pause = FIRST_PAUSE_MS;

  function look(): void {
    timer = undefined;
    if (end === null) return;
    if (now() >= end + MARGIN_MS && Date.now() >= notBefore) {
      notBefore = Date.now() + pause;
      pause *= 2;
      due();
    }
    plan();
  }

  function plan(): void {
    clearTimeout(timer);
    if (end === null) return;
    const left = Math.max(end + MARGIN_MS - now(), notBefore - Date.now(), 0);
    timer = setTimeout(look, Math.min(left, LONGEST_PAUSE_MS));
  }

  return {
    set(at) {
      if (at === end) return;
      end = at;
      pause = FIRST_PAUSE_MS;
      plan();
    },
  };
}
