/**
 * Files that passed a check which looks at each alone, by where they are, their contents and the check's settings: kept in
 * the user's cache folder, for every clone.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keepLines, keptLines } from "./kept-lines.mjs";
import { cacheFolder } from "./lock.mjs";
import { answerOf, root } from "./process.mjs";

const folder = join(cacheFolder, "checks");

/** The repository's files, those that git would add included; undefined where this is no clone. */
export function repositoryFiles() {
  const listed = answerOf("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  return listed?.split("\0").filter(Boolean).sort();
}

/**
 * Runs `check` on those of the files that are not known to pass, unless there are none. `settings` are files that it follows
 * wherever it looks; what is installed is among them.
 */
export async function checkUnknown(name, files, settings, check) {
  const hashes = hashesOf(files, settings);
  const kept = join(folder, name);
  const known = new Set(keptLines(kept));
  const unknown = [...hashes.keys()].filter((file) => !known.has(hashes.get(file)));
  if (unknown.length === 0) return { code: 0, output: "" };
  const result = await check(unknown);
  if (result.code === 0) {
    // What has changed meanwhile was looked at or not.
    const now = new Set(hashesOf(files, settings).values());
    keepLines(
      kept,
      [...hashes.values()].filter((hash) => now.has(hash)),
    );
  }
  return result;
}

/** The files that are there, each with what its outcome follows from. */
function hashesOf(files, settings) {
  const common = createHash("sha256").update(process.version);
  for (const file of ["package-lock.json", ...settings]) common.update(`\0${hashOf(file)}`);
  // Git names those too that were deleted and not committed yet.
  const contents = files.map((file) => [file, hashOf(file)]).filter(([, hash]) => hash);
  return new Map(
    contents.map(([file, hash]) => [
      file,
      common.copy().update(`\0${file}\0${hash}`).digest("hex"),
    ]),
  );
}

function hashOf(file) {
  try {
    return createHash("sha256")
      .update(readFileSync(join(root, file)))
      .digest("hex");
  } catch {
    return undefined;
  }
}
