/** The tours of CONTRIBUTING.md lead to files that exist and have what is said of them. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository, textOf } from "./support/blocks.js";

const text = textOf("CONTRIBUTING.md");

/** The files that a section of the page names. */
function filesOf(section: string): string[] {
  const from = text.indexOf(`\n## ${section}\n`);
  if (from < 0) throw new Error(`CONTRIBUTING.md has no section "${section}"`);
  const end = text.indexOf("\n## ", from + 1);
  const body = text.slice(from, end < 0 ? undefined : end);
  return [...body.matchAll(/`((?:crates|js|convex|tests|docs|scripts)\/[\w./-]+)`/g)].map(
    ([, path = ""]) => path,
  );
}

it("the ten-minute tour names files", () => {
  const files = filesOf("The ten-minute tour");
  expect(files.length).toBeGreaterThan(20);
  const missing = files.filter((path) => {
    const file = join(repository, path);
    return !existsSync(file) || !statSync(file).isFile();
  });
  expect(missing).toEqual([]);
});

describe.each([
  ["Add an operator", /starts_?with/i, 7],
  ["Add an algorithm", /es256/i, 13],
  ["Add a plugin to the matrix", /username/, 4],
] as const)("%s", (section, sought, count) => {
  it.each(filesOf(section).map((path) => [path]))("%s has it", (path) => {
    expect(readFileSync(join(repository, path), "utf8")).toMatch(sought);
  });

  it("lists the files, one a line", () => {
    expect(new Set(filesOf(section)).size).toBe(count);
  });
});
