/** Built wasm modules in the user's cache folder, so that a new clone need not build what another one has built. */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { keepFolder, keptFolder } from "./kept-folders.mjs";
import { generatedFolder, isCurrent, outputs } from "./wasm-outputs.mjs";

/** Puts a module that was built from inputs of this hash in its place; false when there is none that is whole. */
export function restoredWasm(name, hash) {
  const kept = keptFolder("wasm", name, hash);
  if (!isCurrent(name, hash, kept)) return false;
  const { stamp, ...files } = outputs(name);
  mkdirSync(generatedFolder, { recursive: true });
  // Without a stamp until everything is there, as in a build.
  rmSync(stamp, { force: true });
  for (const file of [...Object.values(files), stamp]) cpSync(join(kept, basename(file)), file);
  return isCurrent(name, hash);
}

/** Keeps a module as it was just built. */
export function keepWasm(name, hash) {
  keepFolder("wasm", name, hash, (folder) => {
    for (const file of Object.values(outputs(name))) cpSync(file, join(folder, basename(file)));
  });
}
