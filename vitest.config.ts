import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Two cores: more workers would only take each other's time, and with it tests' patience.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "node",
          setupFiles: ["tests/support/generated-seed.ts"],
          include: [
            "tests/{adapter,bench,boundary,client,component,plugins,surface}/**/*.test.{ts,tsx}",
          ],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "host",
          // Real sockets and timers of Convex's clients on a busy machine: a second try is allowed, and named by the run.
          retry: 1,
          include: ["tests/{host,e2e}/**/*.test.ts"],
          pool: "forks",
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "matrix",
          include: ["tests/matrix/**/*.test.ts"],
          pool: "forks",
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "browser",
          retry: 1,
          include: ["tests/browser/**/*.test.ts"],
          pool: "forks",
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "packaging",
          include: ["tests/packaging/**/*.test.ts"],
          pool: "forks",
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
