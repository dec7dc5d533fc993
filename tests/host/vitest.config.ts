import { defineConfig } from "vitest/config";

// Contexts are made of vm.SourceTextModule, which Node has behind a flag only.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    pool: "forks",
    execArgv: ["--experimental-vm-modules", "--no-warnings=ExperimentalWarning"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
