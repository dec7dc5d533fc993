/** What the documents name is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const textOf = (page: string) => readFileSync(join(root, page), "utf8");

/** Tests that a page names, as `tests/…/x.test.ts`. */
function testsIn(text: string): string[] {
  return [...text.matchAll(/\btests\/[\w./-]+\.test\.tsx?/g)].map(([path]) => path);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(pages)("%s", (page) => {
  it("names tests that exist", () => {
    expect(testsIn(textOf(page)).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("links to pages and headings that exist", () => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path = "", anchor]) => {
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

it("the page on security names the tests that show what it says", () => {
  expect(testsIn(textOf("docs/security.md")).length).toBeGreaterThan(20);
});
