/** Other programs, which Ctrl-C ends while this one goes on to tell what was done. */
import { spawn } from "node:child_process";
import { GateError } from "../../errors/index.js";
import { Cancelled } from "./dialogue.js";
import type { CommandLine } from "../package-manager.js";

export function lineOf({ command, args }: CommandLine): string {
  return [command, ...args].join(" ");
}

/**
 * Runs a package manager. `isSeen` leaves the terminal to it; else what it says is shown where it fails. Throws
 * `SETUP_FAILED` where it does, or where there is none.
 */
export async function runPackageManager(line: CommandLine, isSeen: boolean): Promise<void> {
  const { command, args } = line;
  // On Windows package managers are scripts, which need a shell; no argument has a character that it reads its own way.
  const shell = process.platform === "win32";
  const output = isSeen ? "inherit" : "pipe";
  const child = spawn(command, args, { stdio: ["ignore", output, output], shell });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => {
    child.on("error", () => resolve(null));
    child.on("close", (status) => resolve(status ?? 1));
  });
  if (code === 0) return;
  process.stderr.write(Buffer.concat(chunks));
  throw new GateError(
    "SETUP_FAILED",
    code === null
      ? `There is no program \`${command}\`, by which this app installs its packages. Nothing was written.`
      : `\`${lineOf(line)}\` failed, and says above why. Nothing was written.`,
  );
}

/**
 * Waits for work that other programs do. A terminal sends Ctrl-C to them as well: they end, and then this throws
 * `Cancelled` with what was done until then. The second Ctrl-C ends this program, too.
 */
export async function untilInterrupted<T>(done: string, work: () => Promise<T>): Promise<T> {
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
  };
  process.once("SIGINT", interrupt);
  try {
    return await work();
  } finally {
    process.off("SIGINT", interrupt);
    // In the place of the failure that the end of the other program is.
    if (isInterrupted) throw new Cancelled(done);
  }
}
