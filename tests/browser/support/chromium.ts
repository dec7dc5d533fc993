/** The installed Chromium, driven without a download of its own. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];
/** The same engine without what draws windows, for three quarters of the processor time. It is used where it is installed. */
const SHELL = "chromium-headless-shell";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser without a window. Its shell knows none of the flags that tests set: it still sends cookies of third parties. */
export function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: installed(flags.length === 0 ? [SHELL, ...PROGRAMS] : PROGRAMS),
    args: [...FLAGS, ...flags],
    headless: true,
  });
}

function installed(programs: readonly string[]): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const path of programs.flatMap((program) => folders.map((each) => join(each, program)))) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here.
    }
  }
  throw new Error(
    `none of ${PROGRAMS.join(", ")} is installed: run \`node scripts/bootstrap.mjs browser\``,
  );
}
