import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { loadPlugins } from "./support/load-plugins.js";
import { withSummary } from "./support/summary.js";

const page = fileURLToPath(new URL("../../docs/plugins.md", import.meta.url));

it("the table on top of docs/plugins.md says what the sections say, and has every plugin", async () => {
  const text = readFileSync(page, "utf8");
  const next = withSummary(text);
  if (process.env["MATRIX_DOCS"] === "write") writeFileSync(page, next);
  else expect(text, "write it with MATRIX_DOCS=write").toBe(next);
  for (const { name } of await loadPlugins()) expect(next).toContain(`\n| [${name}](#${name})`);
});
