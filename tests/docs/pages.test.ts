/** What the documents name is there. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeOf } from "./support/app.js";
import { INDEX, pages, repository as root, textOf } from "./support/blocks.js";
import { audienceOf, indexText, llmsText, unlisted } from "./support/index-text.js";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, unknown>;
};

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

it("every block names its file", () => {
  const nameless = pages.flatMap((page) => codeOf(page)).filter(({ file }) => file === undefined);
  expect(
    nameless.map(({ page, line, code }) => `${page}:${String(line)}: ${code.split("\n")[0] ?? ""}`),
  ).toEqual([]);
});

it("has every entry of the package in the README", () => {
  const said = textOf("README.md");
  const files = /^\.\/(?:package\.json|_generated\/.*|convex\.config\.js)$/;
  const names = Object.keys(manifest.exports)
    .filter((entry) => !files.test(entry))
    .map((entry) => entry.slice(1));
  const missing = names.filter(
    (name) => !said.includes(`\`convex-gate${name}\``) && !said.includes(`\`${name}\``),
  );
  expect(missing).toEqual([]);
});

describe.each([...pages, INDEX])("%s", (page) => {
  it("names tests that exist", () => {
    expect(testsIn(textOf(page)).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("names entries that the package has", () => {
    const named = [...textOf(page).matchAll(/[`"]convex-gate(\/[\w./-]+)?[`"]/g)];
    const entries = named.map(([, path = ""]) => `.${path}`);
    expect(entries.filter((entry) => !(entry in manifest.exports))).toEqual([]);
  });

  it("shows pictures that exist", () => {
    const pictures = [...textOf(page).matchAll(/(?:src|srcset)="(?!https?:)([^"]+)"/g)];
    const missing = pictures.filter(
      ([, path = ""]) => !existsSync(join(root, dirname(page), path)),
    );
    expect(missing.map(([, path]) => path)).toEqual([]);
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

const linesOf = (page: string): number => textOf(page).trimEnd().split("\n").length;

it("the page on security names the tests that show what it says", () => {
  expect(testsIn(textOf("docs/security.md")).length).toBeGreaterThan(20);
});

describe("the lists of all pages", () => {
  it("say what each page's first line says: whom it is for", () => {
    const others = pages.filter((page) => page !== "README.md");
    expect(others.filter((page) => !audienceOf(page).startsWith("For "))).toEqual([]);
  });

  it("no page of docs has more than 300 lines", () => {
    const long = pages.filter((page) => page.startsWith("docs/") && linesOf(page) > 300);
    expect(long).toEqual([]);
  });

  it("have every page", () => {
    expect(unlisted()).toEqual([]);
  });

  it.each([
    [INDEX, indexText],
    ["llms.txt", llmsText],
  ])("%s is what the pages say", async (path, make) => {
    const text = await make();
    if (process.env["DOCS_INDEX"] === "write") writeFileSync(join(root, path), text);
    else
      expect(readFileSync(join(root, path), "utf8"), "write it with DOCS_INDEX=write").toBe(text);
  });
});
