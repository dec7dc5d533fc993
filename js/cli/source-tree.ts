/** The sources of an app, as far as `doctor` reads them: its Convex functions and the rest. No file is run. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, posix, relative } from "node:path";
import type { App } from "./app.js";
import { withoutComments } from "./comments.js";

/** A file of the app's own, without its comments. */
export interface SourceFile {
  /** Relative to the app's folder. */
  readonly path: string;
  readonly text: string;
}

/** What was read. */
export interface SourceTree {
  /** Where Convex's functions are or would be, relative to the app's folder. */
  readonly functionsFolder: string;
  /** Whether that folder is there. */
  readonly hasFunctions: boolean;
  readonly functions: readonly SourceFile[];
  /** Everything else. */
  readonly sources: readonly SourceFile[];
}

const CODE = new Set([
  ...[".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"],
  ...[".svelte", ".vue", ".astro"],
]);
/** Folders of what others wrote or programs made. */
const SKIPPED = new Set(["node_modules", "_generated", "dist", "build", "out", "coverage"]);
const MOST_FILES = 5000;
const MOST_BYTES = 500_000;

/** Reads the sources of an app. */
export function readSourceTree({ root, functions: functionsFolder }: App): SourceTree {
  const hasFunctions = existsSync(join(root, functionsFolder));
  const read = (from: string, except?: string): SourceFile[] =>
    filesIn(join(root, from), except && join(root, except)).map((path) => ({
      path: relative(root, path).replaceAll("\\", "/"),
      text: withoutComments(readFileSync(path, "utf8")),
    }));
  return {
    functionsFolder,
    hasFunctions,
    functions: hasFunctions ? read(functionsFolder) : [],
    sources: read(".", functionsFolder),
  };
}

/** The file of this name in the functions' folder, in TypeScript or JavaScript. */
export function functionsFile(tree: SourceTree, name: string): SourceFile | undefined {
  const start = `${posix.join(tree.functionsFolder, name)}.`;
  return tree.functions.find(({ path }) => path.startsWith(start));
}

/** Node 20 has no `glob`, and its `readdir` cannot leave out a folder. */
function filesIn(start: string, except: string | undefined): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (found.length >= MOST_FILES || entry.name.startsWith(".") || path === except) continue;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path);
      else if (entry.isFile() && CODE.has(extname(path)) && statSync(path).size <= MOST_BYTES)
        found.push(path);
    }
  };
  visit(start);
  return found;
}
