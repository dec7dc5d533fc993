/** What `tsc` makes of the sources, compiled once for all clones that have the same. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keepFolder, keptFolder } from "./kept-folders.mjs";
import { root, run } from "./process.mjs";
import { sourcesHash } from "./sources-hash.mjs";

const dist = join(root, "dist");
/** The package's own sources. */
export const SOURCES = ["js/", "convex/"];

/** Compiles `js/` and `convex/` into an empty `dist/`, or takes what was compiled of the same. Says which. */
export async function compileSources() {
  const inputs = sourcesHash(SOURCES);
  if (inputs !== undefined && restored(inputs)) return "compiled before";
  rmSync(dist, { recursive: true, force: true });
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", "tsconfig.build.json"]);
  // What was changed meanwhile was compiled or not.
  if (inputs !== undefined && sourcesHash(SOURCES) === inputs)
    keepFolder("dist", "dist", inputs, (folder) => cpSync(dist, folder, { recursive: true }));
  return "compiled";
}

function restored(inputs) {
  rmSync(dist, { recursive: true, force: true });
  try {
    cpSync(keptFolder("dist", "dist", inputs), dist, { recursive: true });
    return true;
  } catch {
    return false;
  }
}
