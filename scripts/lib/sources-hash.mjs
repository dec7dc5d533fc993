/** What decides what `tsc` and ESLint make of sources: a hash that names what is kept of it. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryFiles } from "./known-files.mjs";
import { root } from "./process.mjs";
import { generatedFolder } from "./wasm-outputs.mjs";

/** Of packages it is what is installed that counts, and not what a lock file asks for. */
const INSTALLED = "node_modules/.package-lock.json";
/** At the root: settings of the compiler and of ESLint, and what the manifest says of modules. */
const SETTINGS = /^[^/]+\.(json|[cm]?js)$/;

/**
 * Of the repository's files below these folders, all by default, with the settings at its root, the packages and the wasm
 * modules. Undefined where this is no clone: then nobody knows which files there are.
 */
export function sourcesHash(folders = [""]) {
  const files = repositoryFiles()?.filter(
    (file) => SETTINGS.test(file) || folders.some((folder) => file.startsWith(folder)),
  );
  if (files === undefined) return undefined;
  const hash = createHash("sha256").update(process.version);
  for (const file of [INSTALLED, ...files].map((each) => join(root, each)).concat(generated()))
    // Git names those too that were deleted and not committed yet.
    if (existsSync(file)) hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

function generated() {
  if (!existsSync(generatedFolder)) return [];
  return readdirSync(generatedFolder)
    .sort()
    .map((file) => join(generatedFolder, file));
}
