/** The app's own Convex CLI, for what only it can do: call a deployment's functions and list its variables. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GateError } from "../errors/index.js";

/** What a run of the Convex CLI came to. */
export interface ConvexRun {
  readonly code: number;
  /** Standard output, where it was asked for; it may hold secrets. */
  readonly output: string;
}

/**
 * Runs `convex` with these arguments in the current folder; questions and errors go to the terminal.
 * `input` is what it reads from its standard input, the place for secrets: arguments are seen by every
 * process of the machine. Throws `INVALID_OPTION` where the package is not installed.
 */
export async function runConvex(
  args: readonly string[],
  { capture = false, input }: { capture?: boolean; input?: string } = {},
): Promise<ConvexRun> {
  // Through node and not through `npx`, which on Windows is a script and needs a shell that reads quotes its own way.
  const child = spawn(process.execPath, [convexProgram(process.cwd()), ...args], {
    stdio: [input === undefined ? "inherit" : "pipe", capture ? "pipe" : "inherit", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  // A program that ends without reading tells why by its exit code.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  return { code, output: Buffer.concat(chunks).toString("utf8") };
}

/** The file that `npx convex` runs, looked up from `folder` as node does it. */
function convexProgram(folder: string): string {
  const file = join(folder, "node_modules/convex/package.json");
  if (existsSync(file)) {
    const { bin } = JSON.parse(readFileSync(file, "utf8")) as { bin?: Record<string, string> };
    return join(dirname(file), bin?.["convex"] ?? "bin/main.js");
  }
  if (dirname(folder) !== folder) return convexProgram(dirname(folder));
  throw new GateError("INVALID_OPTION", "The package `convex` is not installed in this folder.");
}
