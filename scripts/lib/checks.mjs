/** Checks of the sources that remember what they saw: what has not changed is not looked at again. */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./lock.mjs";
import { root, spawned } from "./process.mjs";

/** Each program names files by where they are, and compares their contents, its own version and its settings. */
const folder = join(
  cacheFolder,
  `checks-${createHash("sha256").update(root).digest("hex").slice(0, 12)}`,
);

/** `tsc` on a project. It keeps for each file what it found, and looks again at whatever a change can reach. */
export function typesOf(project) {
  const kept = join(folder, `${project.replaceAll(/\W+/g, "-")}.tsbuildinfo`);
  const flags = ["--incremental", "--tsBuildInfoFile", kept];
  return checked("node_modules/typescript/bin/tsc", "-p", project, ...flags);
}

/** Prettier on everything. */
export function formatting() {
  const kept = join(folder, "prettier");
  const flags = ["--cache", "--cache-strategy", "content", "--cache-location", kept];
  return checked("node_modules/prettier/bin/prettier.cjs", "--check", ".", ...flags);
}

function checked(file, ...args) {
  mkdirSync(folder, { recursive: true });
  return spawned(process.execPath, [join(root, file), ...args]);
}
