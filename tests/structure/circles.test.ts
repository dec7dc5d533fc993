/** No file is imported, over however many others, by one that it imports itself. */
import { describe, expect, it } from "vitest";
import { filesOf } from "./support/files.js";
import { circles } from "./support/graph.js";
import { bare, pathsIn, rustGraph } from "./support/rust-graph.js";
import { specifiersOf, typescriptGraph } from "./support/typescript-graph.js";

/** The roots of crates: libraries, programs and tests. */
const ROOTS = filesOf("crates", ".rs").filter((file) =>
  /^crates\/[\w-]+\/(src\/lib\.rs|src\/bin\/\w+\.rs|tests\/(\w+\/main|\w+)\.rs)$/.test(file),
);

describe.each(ROOTS)("%s", (root) => {
  it("has no circle", () => {
    expect(circles(rustGraph(root))).toEqual([]);
  });
});

it("TypeScript and JavaScript have no circle", () => {
  const graph = typescriptGraph("js", "convex", "scripts", "tests", "examples");
  expect(graph.size).toBeGreaterThan(500);
  expect(circles(graph)).toEqual([]);
});

describe("the graph", () => {
  it("tells the shortest chain of each circle once", () => {
    const graph = new Map([
      ["a", new Set(["b"])],
      ["b", new Set(["c", "d"])],
      ["c", new Set(["d"])],
      ["d", new Set(["b"])],
      ["e", new Set(["a"])],
    ]);
    expect(circles(graph)).toEqual(["b -> d -> b"]);
  });

  it("sees imports of types, later ones, and none in texts and comments", () => {
    const text = `import type { A } from "./a.js";
      export * from "./b.js"; // import "./comment.js";
      const later = () => import("./c.js");
      type D = import("./d.js").D;
      const text = \`import { x } from "./text.js";\`;`;
    expect(specifiersOf(text)).toEqual(["./a.js", "./b.js", "./c.js", "./d.js"]);
  });

  it("sees every path of a use, and paths without one", () => {
    const text = bare(`use crate::a::{self, b::{C, d}, e as f}; // use crate::comment::X;
      fn g(x: &'static str) -> super::h::I { if x == "crate::text" || x == 'c' { j::k() } else { todo!() } }`);
    const paths = pathsIn(text).map((path) => path.join("::"));
    expect(paths).toEqual([
      "crate::a::self",
      "crate::a::b::C",
      "crate::a::b::d",
      "crate::a::e",
      "super::h::I",
      "j::k",
    ]);
  });
});
