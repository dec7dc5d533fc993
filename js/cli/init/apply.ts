/** Writes files, each whole or not at all. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GateError } from "../../errors/index.js";
import type { Change } from "./plan.js";

/** A change that touches a file. */
export type FileChange = Extract<Change, { kind: "write" | "patch" }>;

/**
 * Makes these changes below `root`. All texts are written beside their places first, so that a full disk or a folder that
 * may not be written changes nothing, and then put in place by renaming. Throws `CONFLICT` where a file is no longer
 * as it was when the plan was made.
 */
export function applyChanges(root: string, changes: readonly FileChange[]): void {
  for (const change of changes) checkUnchanged(root, change);
  const beside = changes.map(({ path }) => `${join(root, path)}.convex-gate-new`);
  // While there is a listener Ctrl-C waits for the end of this function, which awaits nothing.
  const wait = (): void => {};
  process.on("SIGINT", wait);
  try {
    for (const [index, { path, text }] of changes.entries()) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(beside[index] ?? "", text);
    }
    for (const [index, { path }] of changes.entries())
      renameSync(beside[index] ?? "", join(root, path));
  } finally {
    for (const path of beside) rmSync(path, { force: true });
    process.off("SIGINT", wait);
  }
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
