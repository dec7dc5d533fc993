import { defineConfig } from "vitest/config";

// A process of its own: convex-test puts a global in place that other tests must not find.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
