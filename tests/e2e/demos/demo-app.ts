/** What the demo has to know of an example. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Host } from "../../host/index.js";

// Bundled into tests/output, two levels below the repository's root.
const root = fileURLToPath(new URL("../..", import.meta.url));

/** A server that is running. */
export interface Running {
  close(): Promise<unknown>;
}

/** An example that the demo can start. */
export interface DemoApp {
  readonly folder: string;
  readonly port: number;
  /** Whether the app's own server passes `/api/auth` on. */
  readonly isOneOrigin: boolean;
  /** Starts the app's server in its folder, for development. */
  readonly start: (app: DemoApp, host: Host) => Promise<Running>;
}

/** The folder of an example. */
export function exampleFolder(name: string): string {
  return `${root}examples/${name}`;
}

/**
 * Runs the development server of a framework: a file below `node_modules`, and its arguments. When it ends by itself, as where
 * its port is taken, so does the demo.
 */
export function devServer(
  { folder }: DemoApp,
  [file, ...args]: readonly [string, ...string[]],
  env: Record<string, string>,
): Promise<Running> {
  const child = spawn(process.execPath, [`${root}node_modules/${file}`, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.once("exit", (code) => {
    if (!child.killed) process.exit(code ?? 1);
  });
  return Promise.resolve({ close: () => (child.kill(), ended) });
}
