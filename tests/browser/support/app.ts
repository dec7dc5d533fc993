/** An app in its own folder: its Convex functions on the local host, its pages built and served by Vite. */
import { rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { InlineConfig } from "vite";
import { build, createServer, preview } from "vite";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { startLocalDeployment } from "../../e2e/local-deployment.js";
import type { Host } from "../../host/index.js";
import { bundleCopy, bundleOnce } from "../../host/index.js";
import type { BrowserTests } from "./browser.js";

/** The folder of the example app. */
export const exampleFolder: string = fileURLToPath(
  new URL("../../../examples/react", import.meta.url),
);
const output = fileURLToPath(new URL("../../output", import.meta.url));

/** What one app needs beside its folder. */
export interface AppOptions {
  /** With `index.html`, `vite.config.ts` and `convex/`. A function is called before anything starts. */
  readonly folder: string | (() => Promise<string>);
  /** Variables of the deployment beside those of the README. `origin` is the app's. */
  readonly hostEnv?: (origin: string) => Record<string, string>;
  /** `fetch` of the app's actions, for a host of the Internet that the test stands in for. */
  readonly fetch?: typeof fetch;
  /** Variables of the pages, as in `.env.local`. By default those of the README. */
  readonly env?: (host: Host) => Record<string, string>;
  /** Vite's mode. @default "development" */
  readonly mode?: string;
  /** Plugins, a proxy and the like, beside the folder's own configuration. */
  readonly vite?: (host: Host) => Pick<InlineConfig, "plugins" | "server">;
  /** Vite's dev server, for an app that needs more of it than its pages. @default the pages are built once */
  readonly devServer?: boolean;
}

/** A running app. Its members are there from the first test on. */
export interface App {
  readonly origin: string;
  readonly host: Host;
  /** Each line that a function logged since the test began. */
  readonly hostLog: readonly string[];
}

/** An app that is ended by hand. */
export interface RunningApp extends App {
  readonly hostLog: string[];
  close(): Promise<void>;
}

/** Starts an app before the tests of a file, or of a `describe`, and ends it after them. */
export function useApp(browser: BrowserTests, options: AppOptions): App {
  let running: RunningApp | undefined;
  beforeAll(async () => {
    running = await startApp(options);
    // The first visit makes Vite bundle the app's packages and reload the page, which no test should meet.
    if (options.devServer) await browser.visitOnce(running.origin);
  });
  afterAll(async () => {
    await running?.close();
    running = undefined;
  });
  beforeEach(() => running?.hostLog.splice(0));
  browser.keepOnFailure("host.log", () => running?.hostLog.join("\n") ?? "");
  const started = (): App => {
    if (running) return running;
    throw new Error("the app is not started: use it in tests only");
  };
  return {
    get origin() {
      return started().origin;
    },
    get host() {
      return started().host;
    },
    get hostLog() {
      return started().hostLog;
    },
  };
}

/** Starts an app now. */
export async function startApp(options: AppOptions): Promise<RunningApp> {
  const folder = typeof options.folder === "string" ? options.folder : await options.folder();
  const port = await freePort();
  const origin = `http://localhost:${String(port)}`;
  const hostLog: string[] = [];
  const host = await startLocalDeployment({
    // A function makes a copy of its own.
    pushRequest: await (typeof options.folder === "string" ? bundleOnce : bundleCopy)(folder),
    origin,
    log: (line) => hostLog.push(line),
    ...(options.fetch ? { fetch: options.fetch } : {}),
    ...(options.hostEnv ? { env: options.hostEnv(origin) } : {}),
  });
  const { plugins = [], server = {} } = options.vite?.(host) ?? {};
  // Two files may run at once, and Vite writes what it bundled into this folder.
  const cacheDir = `${output}/vite/${basename(folder)}-${String(port)}`;
  const pages = await servePages(options.devServer ?? false, {
    root: folder,
    mode: options.mode ?? "development",
    cacheDir,
    define: defines(options.env?.(host) ?? documentedEnv(host)),
    build: { outDir: `${cacheDir}/built`, emptyOutDir: true },
    preview: { port, strictPort: true, host: "localhost" },
    server: { ...server, port, strictPort: true, host: "localhost" },
    plugins,
    logLevel: "error",
  });
  return {
    origin,
    host,
    hostLog,
    async close() {
      await Promise.all([pages.close(), host.close()]);
      await rm(cacheDir, { recursive: true, force: true });
    },
  };
}

/**
 * Pages that are built load in two requests, where a dev server answers one for each module. They are built as for
 * development, since vitest's `NODE_ENV` is not production: React's strict mode and its warnings are what they are there.
 */
async function servePages(
  devServer: boolean,
  config: InlineConfig,
): Promise<{ close(): Promise<void> }> {
  if (devServer) return (await createServer(config)).listen();
  await build(config);
  return preview(config);
}

/** The variables that the README tells a developer to set. */
export function documentedEnv(host: Host): Record<string, string> {
  return { VITE_CONVEX_URL: host.url, VITE_CONVEX_SITE_URL: host.siteUrl };
}

function defines(env: Record<string, string>): Record<string, string> {
  const entries = Object.entries(env);
  return Object.fromEntries(
    entries.map(([name, value]) => [`import.meta.env.${name}`, JSON.stringify(value)]),
  );
}

/** A port that was free a moment ago: the deployment must know the app's origin before the app runs. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createTcpServer();
    server.once("error", reject);
    server.listen(0, "localhost", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
