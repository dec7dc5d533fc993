/**
 * What cargo has compiled and checked, in the user's cache folder. A new clone begins with the crates of others, and with
 * ours too where its sources are those that they were made of: then nothing is compiled or checked again.
 */
import { cpSync, existsSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { crateInputs, workspaceInputs } from "./cargo-inputs.mjs";
import { forgetOldest } from "./kept-folders.mjs";
import { cacheFolder } from "./lock.mjs";
import { answerOf } from "./process.mjs";

/** Of our units: a run by hand and one of CI differ, as cargo compiles for CI in another way, and neither forgets the other's. */
const KEPT = 2;

/** Where cargo keeps the units of a profile: what it knows of them, what build scripts made, and the compiled files. */
const UNITS = [".fingerprint", "build", "deps"];

/** The units of others and ours, each in a folder of their inputs; set when a target folder is new. */
let caches;

/** Fills a target folder that has nothing yet with what is kept for this lock file, this compiler and these sources. */
export function restoreUnits(target) {
  const debug = join(target, "debug");
  if (existsSync(debug)) return;
  // What changes from now on is newer than what is restored.
  const now = new Date();
  caches = {
    others: join(cacheFolder, "crates", crateInputs()),
    ours: join(cacheFolder, "workspace", workspaceInputs()),
  };
  const unfinished = join(target, `debug.${process.pid}`);
  try {
    if (!existsSync(caches.others)) return;
    // Cargo compares times. Those of the copies are those of the files;
    cpSync(caches.others, unfinished, { recursive: true, preserveTimestamps: true });
    // ours are of this moment, after which no source has changed: a clone's files are as old as the clone.
    if (existsSync(caches.ours)) {
      cpSync(caches.ours, unfinished, { recursive: true });
      for (const file of filesBelow(caches.ours)) utimesSync(join(unfinished, file), now, now);
    }
    renameSync(unfinished, debug);
  } catch {
    // Another clone has put others in their place meanwhile.
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * Keeps what is not kept yet of a target folder that was new when this run began: in an older one is also what other
 * versions left. A cache that cannot be written is no fault: the next clone compiles.
 */
export function keepUnits(target) {
  if (caches === undefined) return;
  try {
    const ours = ownNames();
    keep(target, caches.others, 1, (name) => !ours.has(unitOf(name)));
    // A source that has changed meanwhile may be in them or not.
    if (basename(caches.ours) === workspaceInputs())
      keep(target, caches.ours, KEPT, (name) => ours.has(unitOf(name)));
  } catch {
    // The next clone compiles.
  }
}

/** Puts the units of these names into the folder `kept`, which is one of so `many` then: the oldest are forgotten. */
function keep(target, kept, many, isOne) {
  const debug = join(target, "debug");
  const known = existsSync(kept) ? new Set(readdirSync(join(kept, UNITS[0]))) : new Set();
  const units = readdirSync(join(debug, UNITS[0])).filter(isOne);
  if (units.every((name) => known.has(name))) return;
  const unfinished = `${kept}.${process.pid}`;
  try {
    for (const folder of UNITS)
      for (const name of readdirSync(join(debug, folder)).filter(isOne))
        cpSync(join(debug, folder, name), join(unfinished, folder, name), {
          recursive: true,
          preserveTimestamps: true,
        });
    rmSync(kept, { recursive: true, force: true });
    renameSync(unfinished, kept);
    forgetOldest(dirname(kept), many);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** The crate of a file or folder that cargo named `libcrate_name-0123456789abcdef.rlib`, or like it. */
function unitOf(name) {
  return name
    .replace(/(-[\da-f]{16})?(\..*)?$/, "")
    .replace(/^lib/, "")
    .replaceAll("-", "_");
}

/** Packages and targets of the workspace, as they are in names of files. */
function ownNames() {
  const { packages } = JSON.parse(
    answerOf("cargo", ["metadata", "--no-deps", "--format-version", "1", "--offline"]),
  );
  const names = packages.flatMap(({ name, targets }) => [
    name,
    ...targets.map((each) => each.name),
  ]);
  return new Set(names.map((name) => name.replaceAll("-", "_")));
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}
