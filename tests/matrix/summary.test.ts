import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { loadPlugins } from "./support/load-plugins.js";
import { withSummary } from "./support/summary.js";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));

it("the table of docs/plugins.md says what the plugins' pages say, and has every plugin", async () => {
  const names = (await loadPlugins()).map(({ name }) => name).sort();
  const paths = names.map((name) => `${docs}plugins/${name}.md`);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  const plugins = new Map(names.map((name, at) => [name, readFileSync(paths[at] ?? "", "utf8")]));
  const page = `${docs}plugins.md`;
  const text = readFileSync(page, "utf8");
  const next = withSummary(text, plugins);
  if (process.env["MATRIX_DOCS"] === "write") writeFileSync(page, next);
  else expect(text, "write it with MATRIX_DOCS=write").toBe(next);
});
