/** Lines in a file of the user's cache folder. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The lines that are kept there; none where nothing is. */
export function keptLines(file) {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/** Replaces them at once. A cache that cannot be written is no fault: what it would have spared is done again. */
export function keepLines(file, lines) {
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(unfinished, `${lines.join("\n")}\n`);
    renameSync(unfinished, file);
  } catch {
    // Nothing is kept.
  }
}
