/**
 * Checks that passed on this machine, each by a hash of all that its outcome follows from: what is the same need not be
 * looked at again, in whichever clone it is. Only what passed is kept.
 */
import { join } from "node:path";
import { keepLines, keptLines } from "./kept-lines.mjs";
import { cacheFolder } from "./lock.mjs";

const folder = join(cacheFolder, "verdicts");
/** Of one check: some branches' worth of lines, each a hash and how many tests passed. */
const KEPT = 32;

/**
 * The outcome of a part of `npm test` that passed before with what `inputsOf` hashes, or else what `check` gives now: always,
 * where the inputs cannot be told.
 */
export async function unlessPassed(name, inputsOf, check) {
  const kept = join(folder, name);
  const known = keptLines(kept).map((line) => line.split(" "));
  const inputs = inputsOf();
  const before = known.find(([hash]) => hash === inputs);
  if (before !== undefined)
    return {
      passed: Number(before[1] ?? 1),
      failed: 0,
      notes: ["of these very inputs it is known from an earlier run"],
    };
  const outcome = await check();
  // What has changed meanwhile was looked at or not.
  if (outcome.failed === 0 && inputs !== undefined && inputsOf() === inputs)
    keepLines(
      kept,
      [...known, [inputs, outcome.passed]].slice(-KEPT).map((line) => line.join(" ")),
    );
  return outcome;
}
