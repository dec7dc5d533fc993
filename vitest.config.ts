import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { EXPO_PACKAGES } from "./tests/client/support/expo/packages.js";
import LongestFirst from "./tests/support/longest-first.js";

/**
 * What is rendered, other than the long sequences, and than `sign-out`: it watches what happens within one step of time,
 * where the `act` of React 18 shows nothing yet.
 */
const REACT_TESTS = [
  "tests/client/{auth-boundary,faults,lifecycle,provider,react-version,real-convex,server,session-change}.test.tsx",
];

/**
 * Of the processor time of many short tests a tenth was V8's threads of garbage collection, which wait for one another where two
 * workers keep two cores busy: a process collects in its own thread.
 */
const ONE_COLLECTOR = ["--single-threaded-gc"];

/**
 * The host makes a context a call, and Convex's own modules and Better Auth's in it, which all die young and whose functions
 * are new to V8 in each. So the young generation (16 MB at most otherwise) begins large and is collected when it is full and
 * not before, bytecode stays for the next context, and V8 counts a function's calls, and makes fast code of it, six times as
 * late. All together take a fifth off the matrix's processor time, and half off its memory.
 */
const MANY_CONTEXTS = [
  "--min-semi-space-size=128",
  "--max-semi-space-size=128",
  "--no-minor-gc-task",
  "--no-flush-bytecode",
  "--interrupt-budget=400000",
  "--interrupt-budget-for-feedback-allocation=4000",
];

/** Of a test without time of its own: patience costs nothing where a test passes. */
const PATIENCE_MS = 60_000;

/**
 * What is made once for all files of a run is kept under its name, which `npm test` gives to all its parts; what runs before
 * left is of no use.
 */
const run = (process.env["TEST_RUN"] ??= `${String(process.pid)}-${String(Date.now())}`);
forgetRunsBut(run);

function forgetRunsBut(name: string): void {
  const once = fileURLToPath(new URL("tests/output/once", import.meta.url));
  if (!existsSync(once)) return;
  for (const other of readdirSync(once).filter((each) => each !== name))
    rmSync(join(once, other), { recursive: true, force: true });
}

export default defineConfig({
  test: {
    // Two cores: more workers would only take each other's time, and with it tests' patience.
    maxWorkers: 2,
    globalSetup: "tests/support/temporary-folder.ts",
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // Expo's packages bring a phone's tool chain: what its client asks of them is a fake each, see the files.
        resolve: {
          alias: EXPO_PACKAGES.map((name) => ({
            find: name,
            replacement: fileURLToPath(
              new URL(`tests/client/support/expo/${name}.ts`, import.meta.url),
            ),
          })),
        },
        test: {
          server: { deps: { inline: [/node_modules\/@better-auth\/expo\//] } },
          name: "node",
          // Packages are loaded once a worker and not once a file; the setup file keeps files apart otherwise.
          isolate: false,
          execArgv: ONE_COLLECTOR,
          setupFiles: ["tests/support/shared-process.ts", "tests/support/generated-seed.ts"],
          include: [
            "tests/{adapter,bench,boundary,cli,client,component,docs,plugins,scripts,ssr,structure,surface}/**/*.test.{ts,tsx}",
          ],
          testTimeout: PATIENCE_MS,
        },
      },
      {
        // The other React that the package admits. Whoever imports React has to be run by vitest for that.
        resolve: {
          alias: [
            { find: /^react(?=\/|$)/, replacement: "react-18" },
            { find: /^react-dom(?=\/|$)/, replacement: "react-dom-18" },
          ],
        },
        test: {
          name: "react18",
          include: REACT_TESTS,
          testTimeout: PATIENCE_MS,
          env: { REACT_MAJOR: "18" },
          setupFiles: ["tests/client/support/react-18.ts"],
          server: { deps: { inline: [/node_modules\/(convex|better-auth)\//] } },
        },
      },
      {
        // Svelte is another program in a browser than on a server: jsdom gets the one, what renders on a server the other.
        plugins: [svelte({ configFile: false })],
        environments: { client: { resolve: { conditions: ["browser", "module", "development"] } } },
        test: {
          name: "svelte",
          include: ["tests/svelte/**/*.test.ts"],
          server: { deps: { inline: [/convex-svelte/, /esm-env/, /\/svelte\//] } },
          testTimeout: PATIENCE_MS,
        },
      },
      {
        test: {
          name: "host",
          execArgv: MANY_CONTEXTS,
          setupFiles: ["tests/support/on-backend.ts"],
          // Real sockets and timers of Convex's clients on a busy machine: a second try is allowed, and named by the run.
          retry: 1,
          include: ["tests/{host,e2e}/**/*.test.ts"],
          pool: "forks",
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The client of a desktop app asks for a program of which there is a fake.
        resolve: {
          alias: {
            electron: fileURLToPath(
              new URL("tests/matrix/support/fake-electron.ts", import.meta.url),
            ),
          },
        },
        test: {
          server: { deps: { inline: [/node_modules\/@better-auth\/electron\//] } },
          name: "matrix",
          execArgv: MANY_CONTEXTS,
          setupFiles: ["tests/support/on-backend.ts"],
          include: ["tests/matrix/**/*.test.ts"],
          pool: "forks",
          testTimeout: PATIENCE_MS,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "browser",
          execArgv: MANY_CONTEXTS,
          retry: 1,
          include: ["tests/browser/**/*.test.ts"],
          pool: "forks",
          // As on Convex, calls of the component find the context of the last one: the host has less to evaluate.
          env: { CONVEX_HOST_REUSE: "1" },
          // Patience costs nothing where a test passes: on a busy machine a flow of many pages took a minute.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "types",
          include: ["tests/types/**/*.test.ts"],
          pool: "forks",
          // With the least priority beside all other tests: a compiler that has its answer in half a minute waited for eight.
          testTimeout: 3_600_000,
        },
      },
      {
        test: {
          name: "packaging",
          include: ["tests/packaging/**/*.test.ts"],
          pool: "forks",
          // It gets what other tests leave of the processors, for as long as they run.
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
        },
      },
    ],
  },
});
