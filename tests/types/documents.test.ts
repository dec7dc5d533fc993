/** Every block of code of every page compiles, with the types of what it imports. */
import { expect, it } from "vitest";
import { writeApps } from "../docs/support/app.js";
import { pages } from "../docs/support/blocks.js";
import type { Block } from "../docs/support/blocks.js";
import { errorsIn } from "../docs/support/compile.js";
import type { CompileError } from "../docs/support/compile-error.js";

/** Blocks that cannot be compiled here, as page and file, and why. */
const NOT_COMPILED: Readonly<Record<string, string>> = {
  "docs/better-auth-ui.md vite.config.ts": "@tailwindcss/vite is not installed here",
};

it("every block compiles", async () => {
  const [from, processor] = [Date.now(), process.cpuUsage()];
  const apps = writeApps();
  const errors = await errorsIn(apps);
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const blocks = apps.reduce((sum, { files }) => sum + files.size, 0);
  const { user, system } = process.cpuUsage(processor);
  console.log(
    `note: pages: ${String(apps.length)}, blocks: ${String(blocks)}, ` +
      `${seconds(Date.now() - from)} s, of the processor ${seconds((user + system) / 1000)} s`,
  );
  const nameOf = ({ page, file = "" }: Block): string => `${page} ${file}`;
  const isKnown = ({ block }: CompileError): boolean => nameOf(block) in NOT_COMPILED;
  expect(errors.filter((each) => !isKnown(each)).map(({ text }) => text)).toEqual([]);
  const failed = new Set(errors.filter(isKnown).map(({ block }) => nameOf(block)));
  const expected = Object.keys(NOT_COMPILED).filter((each) => pages.includes(each.split(" ")[0]!));
  expect([...failed].sort()).toEqual(expected.sort());
});
