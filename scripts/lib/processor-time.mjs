/** How much processor time the programs of a part take, beside its clock. */
import { AsyncLocalStorage } from "node:async_hooks";

const meters = new AsyncLocalStorage();

/**
 * Runs the work and gives what came of it with the seconds of clock and of processor. Processor time is that of the
 * programs which `spawned` runs meanwhile, with all that they wait for. The higher their `niceness`, up to 19, the less of a
 * busy machine they get. What a program leaves behind or kills without waiting, as Chromium does with some of its processes,
 * is not in it.
 */
export async function measured(work, { niceness = 0 } = {}) {
  const meter = { processor: 0, niceness };
  const startedAt = performance.now();
  const outcome = await meters.run(meter, work);
  return { outcome, clock: (performance.now() - startedAt) / 1000, processor: meter.processor };
}

/**
 * The command in a shell that runs it and then writes its times to a fourth file, which the command itself does not
 * see; `add` takes what is written there. Undefined where nobody measures, and on Windows, which has no such shell.
 */
export function metered(command, args) {
  const meter = meters.getStore();
  if (meter === undefined || process.platform === "win32") return undefined;
  const script = `nice -n ${meter.niceness} "$@" 3>&-; code=$?; times >&3; exit $code`;
  return {
    command: "sh",
    args: ["-c", script, "sh", command, ...args],
    add: (text) => void (meter.processor += secondsOf(text)),
  };
}

/** The seconds of what `times` writes: a line for the shell and one for its children, user and system as `1m2.34s`. */
export function secondsOf(text) {
  const times = [...text.matchAll(/(\d+)m(\d+(?:[.,]\d+)?)s/g)];
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds.replace(",", ".")),
    0,
  );
}
