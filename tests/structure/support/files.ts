/** The source files of the repository. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What is made and not written: by the package manager, by the build, by a run of the tests. */
const MADE = new Set(["node_modules", "generated", "output", "target", "dist"]);

/** The text of a file, by its path from the repository's root. */
export const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** The files below a folder whose names end in one of these ways, by their paths from the repository's root. */
export function filesOf(folder: string, ...endings: readonly string[]): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return MADE.has(entry.name) ? [] : filesOf(path, ...endings);
      return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
    })
    .toSorted();
}
