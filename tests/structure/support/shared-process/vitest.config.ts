/** The project `node` in small: two files, one worker. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.case.ts"],
    isolate: false,
    maxWorkers: 1,
    globalSetup: "../../../support/temporary-folder.ts",
    env: { GIVEN: "as it was" },
    setupFiles: ["../../../support/shared-process.ts"],
  },
});
