/** The project in a folder, as far as `doctor` reads it: its Convex functions and its sources. No file is run. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative } from "node:path";

/** A file of the app's own, without its comments. */
export interface SourceFile {
  /** Relative to the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** What was read. */
export interface Project {
  /** Whether there is a package.json: else nothing is known of the folder. */
  readonly isProject: boolean;
  /** Where Convex's functions are, relative to the folder; undefined where there is no such folder. */
  readonly functionsFolder?: string | undefined;
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

/** Reads the project in `folder`. */
export function readProject(folder: string): Project {
  const isProject = existsSync(join(folder, "package.json"));
  const named = functionsIn(folder);
  const functionsFolder = existsSync(join(folder, named)) ? named : undefined;
  const read = (from: string, except?: string): SourceFile[] =>
    filesIn(join(folder, from), except && join(folder, except)).map((path) => ({
      path: relative(folder, path).replaceAll("\\", "/"),
      text: withoutComments(readFileSync(path, "utf8")),
    }));
  return {
    isProject,
    functionsFolder,
    functions: functionsFolder === undefined ? [] : read(functionsFolder),
    sources: isProject ? read(".", functionsFolder) : [],
  };
}

/** The file of this name in the functions' folder, in TypeScript or JavaScript. */
export function functionsFile(project: Project, name: string): SourceFile | undefined {
  const start = `${project.functionsFolder?.replace(/^\.\/|\/+$/g, "") ?? ""}/${name}.`;
  return project.functions.find(({ path }) => path.startsWith(start));
}

/** Where `convex.json` says the functions are (Convex's project configuration). */
function functionsIn(folder: string): string {
  try {
    const config = JSON.parse(readFileSync(join(folder, "convex.json"), "utf8")) as {
      functions?: unknown;
    };
    return typeof config.functions === "string" ? config.functions.replace(/\/+$/, "") : "convex";
  } catch {
    return "convex";
  }
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

/** Enough for looking for names: a comment's mark within a text may take the rest of that line along. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[\s;{}(,])\/\/.*$/gm, "$1");
}
