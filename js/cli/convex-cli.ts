/** The app's own Convex CLI, for what only it can do: call a deployment's functions and list its variables. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { GateError } from "../errors/index.js";
import { appFolder } from "./app.js";
import { installed, manifest } from "./installed.js";

/** What a run of the Convex CLI came to. */
export interface ConvexRun {
  /** undefined when it was stopped because it took too long. */
  readonly code: number | undefined;
  /** Standard output, where it was asked for; it may hold secrets. */
  readonly output: string;
  /** What it said on standard error, where nobody was to see it. */
  readonly complaint: string;
}

/** How the Convex CLI is run. */
export interface ConvexRunOptions {
  /** Keeps standard output, instead of showing it. */
  readonly capture?: boolean;
  /** What it reads from its standard input, the place for secrets: arguments are seen by every process of the machine. */
  readonly input?: string;
  /**
   * Shows nothing and asks nothing, and stops the program after so many milliseconds: where a deployment cannot be
   * reached it tries again for ever (convex 1.48).
   */
  readonly quietForMs?: number;
  /** Stops the program after so many milliseconds, too, and leaves the terminal to it. */
  readonly stopAfterMs?: number;
}

/**
 * Runs `convex` with these arguments in the folder of the app; questions and errors go to the terminal unless it is to be
 * quiet. Throws `INVALID_OPTION` where the package is not installed.
 */
export async function runConvex(
  args: readonly string[],
  { capture = false, input, quietForMs, stopAfterMs }: ConvexRunOptions = {},
): Promise<ConvexRun> {
  const isQuiet = quietForMs !== undefined;
  // Through node and not through `npx`, which on Windows is a script and needs a shell that reads quotes its own way.
  const folder = appFolder();
  const child = spawn(process.execPath, [convexProgram(folder), ...args], {
    cwd: folder,
    stdio: [
      input !== undefined ? "pipe" : isQuiet ? "ignore" : "inherit",
      capture ? "pipe" : "inherit",
      isQuiet ? "pipe" : "inherit",
    ],
  });
  const [chunks, complaints]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => complaints.push(chunk));
  // A program that ends without reading tells why by its exit code.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  let isLate = false;
  const late = setTimeout(
    () => {
      isLate = true;
      child.kill("SIGKILL");
    },
    quietForMs ?? stopAfterMs ?? MOST_TIMER_MS,
  );
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  }).finally(() => clearTimeout(late));
  return {
    code: isLate ? undefined : code,
    output: Buffer.concat(chunks).toString("utf8"),
    complaint: Buffer.concat(complaints).toString("utf8"),
  };
}

/** The longest time of a timer, some 25 days. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** The file that `npx convex` runs, looked up from `folder`. */
function convexProgram(folder: string): string {
  const convex = installed(folder, "convex");
  if (convex !== undefined) return join(convex, manifest(convex).bin?.["convex"] ?? "bin/main.js");
  throw new GateError("INVALID_OPTION", "The package `convex` is not installed in this app.");
}
