/**
 * Files import what the table of layers allows, and the page on architecture shows that table: after a change of it,
 * `LAYERS=write npx vitest run --project node tests/structure/layers.test.ts` writes the page.
 */
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { CORE, JWT, PACKAGE } from "./layers.js";
import { textOf } from "./support/files.js";
import type { Graph } from "./support/graph.js";
import { contradictions, homeless, layersText, offences, unused } from "./support/layer-rules.js";
import { rustGraph } from "./support/rust-graph.js";
import { typescriptGraph } from "./support/typescript-graph.js";

const PAGE = "docs/architecture.md";

describe.each([
  [CORE, rustGraph("crates/gate-core/src/lib.rs")],
  [JWT, rustGraph("crates/gate-jwt/src/lib.rs")],
  [PACKAGE, typescriptGraph("js", "convex")],
] as const)("$title", (house, graph) => {
  it("has a table in which lower layers never know higher ones", () => {
    expect(contradictions(house)).toEqual([]);
  });

  it("has a layer for each file", () => {
    expect(homeless(house, graph)).toEqual([]);
  });

  it("imports what its table allows", () => {
    expect(offences(house, graph)).toEqual([]);
  });

  it("allows what is imported and no more", () => {
    expect(unused(house, graph)).toEqual([]);
  });
});

it("the page on architecture shows the layers", async () => {
  const [before = "", , after = ""] = textOf(PAGE).split(
    /(?<=<!-- layers -->\n)|(?=<!-- end of layers -->)/,
  );
  const tables = [CORE, JWT, PACKAGE].map(layersText).join("\n");
  const text = await format(`${before}\n${tables}\n${after}`, {
    parser: "markdown",
    printWidth: 100,
  });
  if (process.env["LAYERS"] === "write")
    writeFileSync(new URL(`../../${PAGE}`, import.meta.url), text);
  expect(textOf(PAGE)).toBe(text);
});

describe("what the table does not allow is told", () => {
  const house = {
    title: "",
    root: "src/",
    layers: [{ name: "low" }, { name: "high" }].map((layer) => ({ ...layer, holds: "" })),
  };
  const graph = (from: string, to: string): Graph =>
    new Map([
      [from, new Set([to])],
      [to, new Set<string>()],
    ]);

  it("an import of a higher layer", () => {
    expect(offences(house, graph("src/low/a.rs", "src/high.rs"))).toEqual([
      "src/low/a.rs (low) -> src/high.rs (high)",
    ]);
    expect(offences(house, graph("src/high.rs", "src/low/a.rs"))).toEqual([]);
  });

  it("a file that no layer has", () => {
    expect(homeless(house, graph("src/lower.rs", "src/low.rs"))).toEqual(["src/lower.rs"]);
  });
});
