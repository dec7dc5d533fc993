/** Writes files, each whole or not at all. */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { GateError } from "../../errors/index.js";
import type { Change } from "./plan.js";

/** A change that touches a file. */
export type FileChange = Extract<Change, { kind: "write" | "patch" }>;

/**
 * Makes these changes below `root`. All texts are written beside their places first, so that a full disk or a folder that
 * may not be written changes nothing, folders included, and then put in place by renaming. Throws `CONFLICT` where a file is
 * no longer as it was when the plan was made, and `SETUP_FAILED` where one cannot be written.
 */
export function applyChanges(root: string, changes: readonly FileChange[]): void {
  for (const change of changes) checkUnchanged(root, change);
  const made: string[] = [];
  const beside: string[] = [];
  // While there is a listener Ctrl-C waits for the end of this function, which awaits nothing.
  const wait = (): void => {};
  process.on("SIGINT", wait);
  try {
    const places = changes.map(({ path }) => placeOf(join(root, path)));
    for (const [index, { text }] of changes.entries()) {
      const place = places[index] ?? "";
      makeFolder(dirname(place), made);
      const file = `${place}.convex-gate-new`;
      beside.push(file);
      writeFileSync(file, text);
      if (existsSync(place)) chmodSync(file, statSync(place).mode);
    }
    for (const [index, file] of beside.entries()) renameSync(file, places[index] ?? "");
  } catch (error) {
    const reason = error instanceof Error ? error.message : "failed";
    throw new GateError("SETUP_FAILED", `Nothing was written: ${reason}.`);
  } finally {
    for (const file of beside) if (existsSync(file)) rmSync(file);
    for (const folder of made.reverse())
      if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
    process.off("SIGINT", wait);
  }
}

/** The file itself where this is a link to one, as `.env.local` is in some monorepos. Throws where it may not be written. */
function placeOf(file: string): string {
  if (!existsSync(file)) return file;
  accessSync(file, constants.W_OK);
  return realpathSync(file);
}

/** Notes in `made` the folders that were not there, from the outside in. */
function makeFolder(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
}

function checkUnchanged(root: string, change: FileChange): void {
  const file = join(root, change.path);
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (before === (change.kind === "patch" ? change.before : undefined)) return;
  throw new GateError(
    "CONFLICT",
    `${change.path} has changed while this was running. Nothing was written; run it again.`,
  );
}
