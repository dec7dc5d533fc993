/** Checks of the sources that remember what they saw: what has not changed is not looked at again. */
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { cacheFolder } from "./lock.mjs";
import { root, spawned } from "./process.mjs";

/** Each program compares the contents of files, its own version and its settings. */
const here = join(root, "target/checks");
/** Of the clone that was checked last. */
const kept = join(cacheFolder, "checks");

/**
 * `tsc` on a project. It keeps for each file what it found, and looks again at whatever a change can reach. It names files
 * by where they are from its own, so that a new clone begins with what another one knows.
 */
export async function typesOf(project) {
  mkdirSync(here, { recursive: true });
  const info = join(here, `${project.replaceAll(/\W+/g, "-")}.tsbuildinfo`);
  if (!existsSync(info)) copied(join(kept, basename(info)), info);
  const flags = ["--incremental", "--tsBuildInfoFile", info];
  const result = await checked("node_modules/typescript/bin/tsc", "-p", project, ...flags);
  if (result.code === 0) copied(info, join(kept, basename(info)));
  return result;
}

/** Prettier on everything. */
export function formatting() {
  return remembering("prettier", "node_modules/prettier/bin/prettier.cjs", "--check", ".");
}

/**
 * ESLint on everything. All rules look at one file alone, but one of those for Convex's functions, which follows imports:
 * what it found says nothing of the next time.
 */
export async function linting() {
  const eslint = "node_modules/eslint/bin/eslint.js";
  const examples = readdirSync(join(root, "examples")).map((name) => `examples/${name}/convex`);
  const functions = ["convex", ...examples].filter((folder) => existsSync(join(root, folder)));
  const others = functions.flatMap((folder) => ["--ignore-pattern", `${folder}/**`]);
  const result = await remembering("eslint", eslint, ".", ...others);
  if (result.code !== 0) return result;
  return checked(eslint, ...functions);
}

/**
 * A program that remembers files which passed by their contents, its version and settings, and by their whole paths. What a
 * clone has kept is told with the paths of this one.
 */
async function remembering(name, ...command) {
  // A parser or a plugin of another version may find what the one before did not.
  const lock = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  const file = `${name}-${lock.digest("hex").slice(0, 16)}`;
  const [cache, shared] = [here, kept].map((folder) => join(folder, file));
  const [ours, anyones] = [root, "clone:"].map(
    (folder) => `"${JSON.stringify(folder).slice(1, -1)}/`,
  );
  mkdirSync(here, { recursive: true });
  if (!existsSync(cache)) copied(shared, cache, (text) => text.replaceAll(anyones, ours));
  const flags = ["--cache", "--cache-strategy", "content", "--cache-location", cache];
  const result = await checked(...command, ...flags);
  if (result.code === 0) copied(cache, shared, (text) => text.replaceAll(ours, anyones));
  return result;
}

/** A cache that cannot be read or written is no fault: everything is looked at. */
function copied(from, to, changed) {
  const unfinished = `${to}.${process.pid}`;
  try {
    mkdirSync(join(to, ".."), { recursive: true });
    if (changed === undefined) copyFileSync(from, unfinished);
    else writeFileSync(unfinished, changed(readFileSync(from, "utf8")));
    renameSync(unfinished, to);
  } catch {
    // Nothing is kept.
  }
}

function checked(file, ...args) {
  return spawned(process.execPath, [join(root, file), ...args]);
}
