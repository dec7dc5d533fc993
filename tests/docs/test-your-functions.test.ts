/** The tests of docs/test-your-functions.md, as they stand there, run as its reader runs them. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";
import { filesOf } from "./support/app.js";
import { repository } from "./support/blocks.js";

const folder = join(repository, "tests/output/docs-tests");

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of filesOf("docs/test-your-functions.md")) {
    if (!/^(convex\/|vitest\.config)/.test(name)) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const generated = "convex/_generated";
  cpSync(join(repository, "examples/react", generated), join(folder, generated), {
    recursive: true,
  });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository, join(folder, "node_modules/convex-gate"), "dir");
});

it("all of them pass", async () => {
  const vitest = join(repository, "node_modules/vitest/vitest.mjs");
  // Of this run's Vitest the other should know nothing.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name)),
  );
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [vitest, "run", "--reporter=json"],
    {
      cwd: folder,
      env,
    },
  ).catch((error: { stdout: string }) => error);
  expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 4, numTotalTests: 4 });
}, 180_000);
