/** What is there: the app around a folder, as far as `init` has to know it. Reads files and changes nothing. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { GateError } from "../../errors/index.js";
import type { Framework } from "./frameworks.js";
import { frameworkOf } from "./frameworks.js";

/** An app. All paths in it are relative to `root`, with slashes. */
export interface Project {
  /** The folder of the nearest `package.json`. */
  readonly root: string;
  /** undefined where its packages tell of none. */
  readonly framework: Framework | undefined;
  /** Names of what `package.json` depends on. */
  readonly packages: ReadonlySet<string>;
  /** The script `dev`, or nothing. */
  readonly devScript: string;
  /** The folder of the Convex functions, `convex` unless `convex.json` says otherwise. */
  readonly functions: string;
  /** Whether there are any. */
  readonly hasFunctions: boolean;
  /** `src/`, or nothing where the app keeps its code beside `package.json`. */
  readonly source: "src/" | "";
  readonly isTypeScript: boolean;
  /** The text of a file, undefined where there is none. */
  readonly read: (path: string) => string | undefined;
}

/** The app that `folder` belongs to. Throws `INVALID_OPTION` where there is none, or a file of it cannot be read. */
export function findProject(folder: string): Project {
  const root = nearestPackage(resolve(folder));
  if (root === undefined)
    throw new GateError(
      "INVALID_OPTION",
      "There is no package.json in this folder or above it. Make an app first, for example with `npm create vite@9 my-app -- --template react-ts`, and run this in its folder.",
    );
  const read = (path: string): string | undefined =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
  const manifest = json<Manifest>(read, "package.json") ?? {};
  const packages = new Set(
    [manifest.dependencies, manifest.devDependencies].flatMap((each) => Object.keys(each ?? {})),
  );
  const configured = json<{ functions?: string }>(read, "convex.json")?.functions ?? "convex";
  const functions = configured.replace(/^\.\//, "").replace(/\/+$/, "");
  return {
    root,
    framework: frameworkOf(packages),
    packages,
    devScript: manifest.scripts?.["dev"] ?? "",
    functions,
    hasFunctions: existsSync(join(root, functions)),
    source: existsSync(join(root, "src")) ? "src/" : "",
    isTypeScript: packages.has("typescript") || existsSync(join(root, "tsconfig.json")),
    read,
  };
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly scripts?: Record<string, string>;
}

function nearestPackage(folder: string): string | undefined {
  if (existsSync(join(folder, "package.json"))) return folder;
  return dirname(folder) === folder ? undefined : nearestPackage(dirname(folder));
}

function json<T>(read: Project["read"], path: string): T | undefined {
  const text = read(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new GateError("INVALID_OPTION", `${path} is not JSON. Mend it, and run this again.`);
  }
}
