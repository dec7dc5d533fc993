/**
 * Convex's own backend in place of the host, for whoever has its binary: set `CONVEX_LOCAL_BACKEND` to the path of a
 * `convex-local-backend`. The check flow, the end-to-end tests and the plugin matrix then run on it; `on-backend.ts` says
 * what they leave out and why. No test here has the binary: `backend.test.ts` has a stand-in that records what it is told.
 */
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { followLogs, pushTo, setVariables } from "./backend-admin.js";
import type { Admin, Variables } from "./backend-admin.js";
import type { PushRequest } from "./push-request.js";

/** What is pushed, and where the backend listens. */
export interface BackendOptions {
  /** A push request, or the folder of an app that is pushed with the Convex CLI installed there. */
  app: PushRequest | string;
  /** @default a free one */
  port?: number;
  /** @default a free one */
  sitePort?: number;
  env?: Variables | ((urls: { url: string; siteUrl: string }) => Variables);
  /** Where actions' `fetch` goes, so that a proxy can stand in for parties of the Internet. @default straight there */
  httpProxy?: string;
  /** Receives what functions log, and what the backend says. @default nothing is shown */
  log?: ((line: string) => void) | undefined;
}

/** A running backend, with the part of the host's interface that it can offer: it counts nothing. */
export interface Backend {
  url: string;
  siteUrl: string;
  adminKey: string;
  /** Changes variables in one request; undefined removes one. */
  setEnv(env: Variables): Promise<void>;
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
  const port = options.port ?? (await freePort());
  const sitePort = options.sitePort ?? (await freePort());
  const url = `http://127.0.0.1:${String(port)}`;
  const siteUrl = `http://127.0.0.1:${String(sitePort)}`;
  const data = await mkdtemp(join(tmpdir(), "convex-gate-backend-"));
  const scratch = join(data, "tmp");
  await mkdir(scratch);
  const secret = randomBytes(32).toString("hex");
  const instance = ["--instance-name", INSTANCE, "--instance-secret", secret];
  const { stdout } = await run(binary, ["keygen", "admin-key", ...instance]);
  const admin: Admin = { url, key: stdout.trim() };
  const address = ["--interface", "127.0.0.1", "--port", String(port)];
  const site = ["--site-proxy-port", String(sitePort)];
  const proxy = options.httpProxy === undefined ? [] : ["--convex-http-proxy", options.httpProxy];
  const storage = ["--local-storage", join(data, "storage"), join(data, "db.sqlite3")];
  const args = [...address, ...site, ...instance, ...proxy, "--disable-beacon", ...storage];
  const child = spawn(binary, args, {
    cwd: data,
    env: { ...process.env, TMPDIR: scratch },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that the Node of its Node actions is ended with it.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => options.log?.(chunk.toString("utf8").trimEnd()));
  }
  const exited = new Promise<void>((done) => child.once("close", () => done()));
  const stopLogs = new AbortController();
  const close = async (): Promise<void> => {
    stopLogs.abort();
    endGroup(child.pid, "SIGTERM");
    await exited;
    // What is left of the group has lost its parent and its purpose.
    endGroup(child.pid, "SIGKILL");
    await rm(data, { recursive: true, force: true });
  };
  const setEnv = (env: Variables): Promise<void> => setVariables(admin, env);
  try {
    await ready(url);
    // Before the push, which evaluates auth.config with them.
    const env = typeof options.env === "function" ? options.env({ url, siteUrl }) : options.env;
    if (env !== undefined) await setEnv(env);
    if (typeof options.app === "string") await deployWithCli(options.app, admin);
    else await pushTo(admin, options.app);
  } catch (error) {
    await close();
    throw error;
  }
  if (options.log) void followLogs(admin, options.log, stopLogs.signal);
  return { url, siteUrl, adminKey: admin.key, setEnv, close };
}

/** With the CLI that the app has installed. Other deployments that the environment names are none of its business. */
async function deployWithCli(folder: string, { url, key }: Admin): Promise<void> {
  const project = resolve(folder);
  const cli = createRequire(join(project, "package.json")).resolve("convex/package.json");
  const { CONVEX_DEPLOYMENT: _, CONVEX_DEPLOY_KEY: __, ...env } = process.env;
  const flags = ["-y", "--codegen", "disable", "--typecheck", "disable"];
  await run(process.execPath, [join(cli, "../bin/main.js"), "deploy", ...flags], {
    cwd: project,
    env: { ...env, CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: key },
  });
}

function endGroup(pid: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // There is nobody left.
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await fetch(`${url}/instance_name`).catch(() => undefined);
    if ((await answer?.text()) === INSTANCE) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`the backend does not answer on ${url}`);
}
