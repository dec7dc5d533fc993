/** What was made, in the user's cache folder, by a hash of what it was made from: a new clone need not make it again. */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./lock.mjs";

/** Of one name: some branches' worth, each of some megabytes at most. */
const KEPT = 8;

/** Where it is when it is kept: then whole. */
export function keptFolder(kind, name, hash) {
  return join(cacheFolder, kind, `${name}-${hash}`);
}

/** Keeps what `fill` writes to the folder that it is given. A cache that cannot be written is no fault. */
export function keepFolder(kind, name, hash, fill) {
  const kept = keptFolder(kind, name, hash);
  const unfinished = `${kept}.${process.pid}`;
  try {
    mkdirSync(unfinished, { recursive: true });
    fill(unfinished);
    rmSync(kept, { recursive: true, force: true });
    renameSync(unfinished, kept);
    forgetOldest(join(cacheFolder, kind), KEPT, `${name}-`);
  } catch {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Removes all but so `many` of the entries of a folder whose names begin so: those that are oldest. */
export function forgetOldest(folder, many, beginning = "") {
  const kept = readdirSync(folder)
    .filter((entry) => entry.startsWith(beginning))
    .map((entry) => join(folder, entry))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const each of kept.slice(many)) rmSync(each, { recursive: true, force: true });
}
