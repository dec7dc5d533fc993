/**
 * Convex's own backend in place of the host, for whoever has its binary: set `CONVEX_LOCAL_BACKEND` to the path of a
 * `convex-local-backend`. UNTESTED: written from the backend's documented flags; no test of this repository runs it.
 */
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

/** Where the backend listens and what is pushed to it. */
export interface BackendOptions {
  /** The folder of the app. It is pushed with the Convex CLI installed there. */
  project: string;
  port: number;
  sitePort: number;
  env: (urls: { url: string; siteUrl: string }) => Record<string, string>;
  log?: (line: string) => void;
}

/** A running backend, with the part of the host's interface that it can offer: it counts nothing. */
export interface Backend {
  url: string;
  siteUrl: string;
  setEnv(env: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

const run = promisify(execFile);
const INSTANCE = "convex-gate-tests";

/** The path of the backend's binary, when the environment names one. */
export function backendBinary(): string | undefined {
  return process.env["CONVEX_LOCAL_BACKEND"];
}

/** Starts the binary with an empty database, sets the variables and pushes the app. */
export async function startBackend(binary: string, options: BackendOptions): Promise<Backend> {
  const url = `http://127.0.0.1:${String(options.port)}`;
  const siteUrl = `http://127.0.0.1:${String(options.sitePort)}`;
  const data = await mkdtemp(join(tmpdir(), "convex-gate-backend-"));
  const secret = randomBytes(32).toString("hex");
  const instance = ["--instance-name", INSTANCE, "--instance-secret", secret];
  const { stdout } = await run(binary, ["keygen", "admin-key", ...instance]);
  const ports = ["--port", String(options.port), "--site-proxy-port", String(options.sitePort)];
  const storage = ["--local-storage", join(data, "storage"), join(data, "db.sqlite3")];
  const child = spawn(binary, [...ports, ...instance, "--disable-beacon", ...storage], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => options.log?.(chunk.toString("utf8").trimEnd()));
  }
  const exited = new Promise<void>((done) => child.once("close", () => done()));
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exited;
    await rm(data, { recursive: true, force: true });
  };

  const project = resolve(options.project);
  const cli = createRequire(join(project, "package.json")).resolve("convex/package.json");
  const convex = async (...args: string[]): Promise<void> => {
    const env = {
      ...process.env,
      CONVEX_SELF_HOSTED_URL: url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: stdout.trim(),
    };
    await run(process.execPath, [join(cli, "../bin/main.js"), ...args], { cwd: project, env });
  };
  const setEnv = async (env: Record<string, string>): Promise<void> => {
    for (const [name, value] of Object.entries(env)) await convex("env", "set", name, value);
  };
  try {
    await ready(url);
    // Before the push, which evaluates auth.config with them.
    await setEnv(options.env({ url, siteUrl }));
    await convex("deploy", "-y", "--codegen", "disable", "--typecheck", "disable");
  } catch (error) {
    await close();
    throw error;
  }
  return { url, siteUrl, setEnv, close };
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(`${url}/instance_name`).catch(() => undefined);
    if ((await answer?.text()) === INSTANCE) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the backend does not answer on ${url}`);
}
