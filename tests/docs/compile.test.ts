/** Every block of code of every page compiles, with the types of what it imports. */
import { expect, it } from "vitest";
import { codeOf, writeApps } from "./support/app.js";
import { pages } from "./support/blocks.js";
import { errorsIn } from "./support/compile.js";

it("every block names its file", () => {
  const nameless = pages.flatMap((page) => codeOf(page)).filter(({ file }) => file === undefined);
  expect(
    nameless.map(({ page, line, code }) => `${page}:${String(line)}: ${code.split("\n")[0] ?? ""}`),
  ).toEqual([]);
});

it("every block compiles", async () => {
  const from = Date.now();
  const apps = writeApps();
  const errors = await errorsIn(apps);
  const blocks = apps.reduce((sum, { files }) => sum + files.size, 0);
  console.log(
    `note: pages: ${String(apps.length)}, blocks: ${String(blocks)}, ${((Date.now() - from) / 1000).toFixed(1)} s`,
  );
  expect(errors).toEqual([]);
}, 120_000);
