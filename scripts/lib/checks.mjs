/** Checks of the sources that remember what they saw: what has not changed is not looked at again. */
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
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

/** Prettier on everything. It names files by where they are: only the same clone gains by it. */
export function formatting() {
  const flags = ["--cache", "--cache-strategy", "content"];
  flags.push("--cache-location", join(here, "prettier"));
  return checked("node_modules/prettier/bin/prettier.cjs", "--check", ".", ...flags);
}

/** A cache that cannot be read or written is no fault: everything is looked at. */
function copied(from, to) {
  const unfinished = `${to}.${process.pid}`;
  try {
    mkdirSync(join(to, ".."), { recursive: true });
    copyFileSync(from, unfinished);
    renameSync(unfinished, to);
  } catch {
    // Nothing is kept.
  }
}

function checked(file, ...args) {
  return spawned(process.execPath, [join(root, file), ...args]);
}
