/** The page of supported versions says what the package admits and what the tests run with. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repository } from "./support/blocks.js";
import { withVersions } from "./support/support-table.js";

it("docs/support.md is current", async () => {
  const path = join(repository, "docs/support.md");
  const text = readFileSync(path, "utf8");
  const next = await withVersions(text);
  if (process.env["DOCS_INDEX"] === "write") writeFileSync(path, next);
  else expect(text, "write it with DOCS_INDEX=write").toBe(next);
});
