/**
 * The app around a folder: where it is, and what its package.json and convex.json say. Read once for all commands, and as the
 * Convex CLI reads them (convex 1.48).
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";

/** An app. */
export interface App {
  /** The folder of the nearest `package.json`. */
  readonly root: string;
  /** Names of what `package.json` depends on. */
  readonly packages: ReadonlySet<string>;
  /** The script `dev`, or nothing. */
  readonly devScript: string;
  /** Where the Convex functions are or would be, relative to `root`, with slashes and none at its ends. */
  readonly functions: string;
  /** What is wrong with the two files. */
  readonly faults: readonly FileFault[];
}

/** Why one of the two files cannot be used as it is. */
export interface FileFault {
  readonly file: "package.json" | "convex.json";
  readonly problem: string;
  readonly remedy: string;
  /** Whether all of it is known nevertheless. */
  readonly isRead: boolean;
}

/** The folder of the nearest `package.json`, from `folder` upwards. */
export function nearestPackage(folder: string): string | undefined {
  if (existsSync(join(folder, "package.json"))) return folder;
  return dirname(folder) === folder ? undefined : nearestPackage(dirname(folder));
}

/** The folder of the app that the current folder belongs to, where the Convex CLI and `.env.local` are; itself where there is none. */
export function appFolder(): string {
  return nearestPackage(process.cwd()) ?? process.cwd();
}

/** Reads the app in the folder of a `package.json`. */
export function readApp(root: string): App {
  const manifest = readJson<Manifest>(root, "package.json");
  const config = existsSync(join(root, "convex.json"))
    ? readJson<{ functions?: unknown }>(root, "convex.json")
    : undefined;
  const { dependencies, devDependencies, scripts } = manifest.value ?? {};
  const packages = new Set(
    [dependencies, devDependencies].flatMap((each) => Object.keys(each ?? {})),
  );
  // Convex looks into `src` where only that is bundled, unless there is a convex.json.
  const usual = config === undefined && packages.has("react-scripts") ? "src/convex" : "convex";
  const { functions = usual } = config?.value ?? {};
  const isText = typeof functions === "string";
  const wrong: FileFault = {
    file: "convex.json",
    problem: 'has a "functions" that is no text',
    remedy: 'write the folder of the functions, as { "functions": "convex/" }',
    isRead: false,
  };
  return {
    root,
    packages,
    devScript: typeof scripts?.["dev"] === "string" ? scripts["dev"] : "",
    functions: isText ? normalize(functions).split(sep).join("/").replace(/\/+$/, "") : usual,
    faults: [manifest.fault, config?.fault, isText ? undefined : wrong].filter(
      (fault) => fault !== undefined,
    ),
  };
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, unknown>>;
}

/** What editors on Windows and its PowerShell put before a text. */
const MARK = "\uFEFF";

/** The text without a byte order mark, which is none of JSON. */
export function withoutMark(text: string): string {
  return text.startsWith(MARK) ? text.slice(MARK.length) : text;
}

function readJson<T extends object>(
  root: string,
  file: FileFault["file"],
): { value?: T; fault?: FileFault } {
  const fault = (problem: string, remedy: string, isRead = false): FileFault => ({
    file,
    problem,
    remedy,
    isRead,
  });
  const save = "save it as UTF-8 without a byte order mark";
  let text;
  try {
    text = readFileSync(join(root, file), "utf8");
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    return { fault: fault(`cannot be read (${code})`, "make it a file that you may read") };
  }
  // The first two bytes of UTF-16, which are none of UTF-8.
  if (text.startsWith("\uFFFD\uFFFD")) return { fault: fault("is not UTF-8", save) };
  let value: unknown;
  try {
    value = JSON.parse(withoutMark(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    return {
      fault: fault(
        `is not JSON: ${reason}`,
        "mend it; comments and trailing commas are none of JSON",
      ),
    };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { fault: fault("holds no object", "mend it: it begins with { and ends with }") };
  return text === withoutMark(text)
    ? { value: value as T }
    : {
        value: value as T,
        fault: fault("begins with a byte order mark, which the Convex CLI refuses", save, true),
      };
}
