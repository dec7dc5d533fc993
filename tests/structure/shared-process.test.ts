/** Test files of the project `node` share a worker's process, and see nothing of one another. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

it("a file finds modules, variables, globals and the clock as if it were the first, and leaves no files", async () => {
  const { VITEST: _, NODE_OPTIONS: __, ...env } = process.env;
  const args = ["run", "--config", path("support/shared-process/vitest.config.ts")];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path("../../node_modules/vitest/vitest.mjs"), ...args],
    { env },
  );
  const processes = [...stdout.matchAll(/process: (\d+)/g)].map(([, id]) => id);
  expect(processes).toHaveLength(2);
  expect(new Set(processes).size, "the files had no process in common").toBe(1);
  const carried = [...stdout.matchAll(/carried: (\d+)/g)].map(([, count]) => count);
  expect(carried).toHaveLength(2);
  expect(carried[1], "a file pays for the storages of another").toBe(carried[0]);
  const folders = [...stdout.matchAll(/folder: (.+)/g)].map(([, folder]) => folder as string);
  expect(folders).toHaveLength(2);
  expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
});
