/** Wrong usage has an exit code of its own, and a sentence. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildCli } from "../../plugins/support/cli.js";
import type { Cli } from "../../plugins/support/cli.js";
import { manifest, writeFiles } from "./support/apps.js";

let cli: Cli;
beforeAll(async () => {
  cli = await buildCli();
  // By which it knows its own version.
  await writeFiles(cli.folder, {
    "node_modules/convex-gate/package.json": { name: "convex-gate", version: "1.0.0" },
  });
  await writeFiles(cli.folder, { "package.json": manifest("astro", "typescript") });
});
afterAll(() => cli.remove());

it.each([
  [
    ["--framework", "vite", "--app-url", "foo"],
    "foo is not an address like https://app.example.com.",
  ],
  [[], "There is no terminal to ask in. Give --framework vite|next|start|sveltekit|expo|none."],
  [["--yes"], "With --yes nobody is asked. Give --framework vite|next|start|sveltekit|expo|none."],
  [
    ["--framework", "none"],
    "There is no terminal to ask in. Give --yes, or look first with --dry-run.",
  ],
  [["--prod", "--yes"], "With --yes nobody is asked. Give --app-url https://app.example.com."],
  [
    ["--cwd", "./no-such-folder"],
    "--cwd: ./no-such-folder is not a folder that can be entered. Give the app's folder.",
  ],
  [
    ["--cwd", "./package.json"],
    "--cwd: ./package.json is not a folder that can be entered. Give the app's folder.",
  ],
])("init %j", async (args, sentence) => {
  const { code, err } = await cli.run(["init", ...args]);
  expect([code, err]).toEqual([2, `INVALID_OPTION: ${sentence}\n`]);
});
