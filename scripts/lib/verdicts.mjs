/**
 * Checks that passed on this machine, each by a hash of all that its outcome follows from: what is the same need not be
 * looked at again, in whichever clone it is. Only what passed is kept.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./lock.mjs";

const folder = join(cacheFolder, "verdicts");
/** Of one check: some branches' worth. */
const KEPT = 32;

/** The outcome of a part of `npm test` that passed before with what `inputsOf` hashes, or else what `check` gives now. */
export async function unlessPassed(name, inputsOf, check) {
  const passed = passedWith(name);
  const inputs = inputsOf();
  if (passed.includes(inputs))
    return {
      passed: 1,
      failed: 0,
      notes: ["of these very inputs it is known from an earlier run"],
    };
  const outcome = await check();
  // What has changed meanwhile was looked at or not.
  if (outcome.failed === 0 && inputsOf() === inputs) keep(name, [...passed, inputs].slice(-KEPT));
  return outcome;
}

function passedWith(name) {
  try {
    return readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/** A cache that cannot be written is no fault: it is checked again. */
function keep(name, hashes) {
  const unfinished = join(folder, `${name}.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, `${hashes.join("\n")}\n`);
    renameSync(unfinished, join(folder, name));
  } catch {
    // Nothing is kept.
  }
}
