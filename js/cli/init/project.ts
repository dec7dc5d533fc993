/** What is there: the app around a folder, as far as `init` has to know it. Reads files and changes nothing. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { GateError } from "../../errors/index.js";
import { nearestPackage, readApp } from "../app.js";
import type { App } from "../app.js";
import { readSourceTree } from "../source-tree.js";
import type { SourceFile } from "../source-tree.js";
import type { Framework } from "../frameworks.js";
import { frameworkOf } from "../frameworks.js";

/** An app. All paths in it are relative to `root`, with slashes. */
export interface Project extends Omit<App, "faults"> {
  /** undefined where its packages tell of none. */
  readonly framework: Framework | undefined;
  /** Whether there are any Convex functions. */
  readonly hasFunctions: boolean;
  /** `src/`, or nothing where the app keeps its code beside `package.json`. */
  readonly source: "src/" | "";
  readonly isTypeScript: boolean;
  /** The text of a file, undefined where there is none. */
  readonly read: (path: string) => string | undefined;
  /** Its code beside the Convex functions, read when that is first asked for. */
  readonly sources: () => readonly SourceFile[];
  /** The Convex functions. */
  readonly functionSources: () => readonly SourceFile[];
}

/** The app that `folder` belongs to. Throws `INVALID_OPTION` where there is none, or a file of it cannot be read. */
export function findProject(folder: string): Project {
  const root = nearestPackage(resolve(folder));
  if (root === undefined)
    throw new GateError(
      "INVALID_OPTION",
      "There is no package.json in this folder or above it. Make an app first, for example with `npm create vite@9 my-app -- --template react-ts`, and run this in its folder.",
    );
  const { faults, ...app } = readApp(root);
  const fault = faults.find(({ isRead }) => !isRead);
  if (fault)
    throw new GateError(
      "INVALID_OPTION",
      `${fault.file} ${fault.problem}. Before you run this again, ${fault.remedy}.`,
    );
  let sources: readonly SourceFile[] | undefined;
  return {
    ...app,
    framework: frameworkOf(app.packages),
    hasFunctions: existsSync(join(root, app.functions)),
    source: existsSync(join(root, "src")) ? "src/" : "",
    isTypeScript: app.packages.has("typescript") || existsSync(join(root, "tsconfig.json")),
    read: (path) =>
      existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined,
    sources: () => (sources ??= ownSources({ ...app, faults })),
    functionSources: () => readSourceTree({ ...app, faults }).functions,
  };
}

/** Without those of other packages within the folder, as the root of a monorepo has. */
function ownSources(app: App): SourceFile[] {
  return readSourceTree(app).sources.filter(
    ({ path }) => nearestPackage(join(app.root, dirname(path))) === app.root,
  );
}
