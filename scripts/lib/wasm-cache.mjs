/** Built wasm modules in the user's cache folder, so that a new clone need not build what another one has built. */
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheFolder } from "./lock.mjs";
import { generatedFolder, isCurrent, outputs } from "./wasm-outputs.mjs";

const folder = join(cacheFolder, "wasm");
/** Of one module: some branches' worth, each less than a megabyte. */
const KEPT = 8;

/** Puts a module that was built from inputs of this hash in its place; false when there is none that is whole. */
export function restoredWasm(name, hash) {
  const kept = keptIn(name, hash);
  if (!isCurrent(name, hash, kept)) return false;
  const { stamp, ...files } = outputs(name);
  mkdirSync(generatedFolder, { recursive: true });
  // Without a stamp until everything is there, as in a build.
  rmSync(stamp, { force: true });
  for (const file of [...Object.values(files), stamp]) cpSync(join(kept, basename(file)), file);
  return isCurrent(name, hash);
}

/** Keeps a module as it was just built. A cache that cannot be written is no fault: the next clone builds. */
export function keepWasm(name, hash) {
  const kept = keptIn(name, hash);
  const unfinished = `${kept}.${process.pid}`;
  try {
    mkdirSync(unfinished, { recursive: true });
    for (const file of Object.values(outputs(name))) cpSync(file, join(unfinished, basename(file)));
    rmSync(kept, { recursive: true, force: true });
    renameSync(unfinished, kept);
    forgetOldest(name);
  } catch {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function keptIn(name, hash) {
  return join(folder, `${name}-${hash}`);
}

function forgetOldest(name) {
  const kept = readdirSync(folder)
    .filter((entry) => entry.startsWith(`${name}-`))
    .map((entry) => join(folder, entry))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const each of kept.slice(KEPT)) rmSync(each, { recursive: true, force: true });
}
