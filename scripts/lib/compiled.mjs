/** What `tsc` makes of the sources, compiled once for all clones that have the same. */
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keepFolder, keptFolder } from "./kept-folders.mjs";
import { root, run } from "./process.mjs";

const dist = join(root, "dist");
/** Types of packages are in the declarations, so their versions count; what is installed says them. */
const SETTINGS = [
  "package.json",
  "tsconfig.base.json",
  "tsconfig.build.json",
  "node_modules/.package-lock.json",
];

/** Compiles `js/` and `convex/` into an empty `dist/`, or takes what was compiled of the same. Says which. */
export async function compileSources() {
  rmSync(dist, { recursive: true, force: true });
  const hash = inputsHash();
  try {
    cpSync(keptFolder("dist", "dist", hash), dist, { recursive: true });
    return "compiled before";
  } catch {
    rmSync(dist, { recursive: true, force: true });
  }
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", "tsconfig.build.json"]);
  // What was changed meanwhile was compiled or not.
  if (inputsHash() === hash)
    keepFolder("dist", "dist", hash, (folder) => cpSync(dist, folder, { recursive: true }));
  return "compiled";
}

function inputsHash() {
  const sources = ["js", "convex"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  );
  const hash = createHash("sha256");
  for (const file of [...SETTINGS, ...sources.sort()])
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}
