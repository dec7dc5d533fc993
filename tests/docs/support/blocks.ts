/** The blocks of code on a page of the documentation. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository: string = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * What a block is of the file that its first comment names: all of it (`// src/x.ts`), or what comes after what is there
 * (`, at its end`), takes the place of what has the same names (`, in part`), or belongs to the object of Better Auth's
 * options (`, in the options`).
 */
export const PARTS = ["at its end", "in part", "in the options"] as const;
export type Part = (typeof PARTS)[number] | "whole";

/** One block. */
export interface Block {
  readonly page: string;
  /** The line of the page on which the code begins, from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The file that the first comment names, from the app's folder. */
  readonly file?: string;
  readonly part: Part;
}

/** The list of all pages. */
export const INDEX = "docs/README.md";

/** Pages of the documentation, from the repository's folder, the README first. */
export const pages: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(repository, "docs"), { recursive: true, encoding: "utf8" })
    .map((name) => `docs/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".md") && path !== INDEX)
    .sort(),
];

/** The text of a page. */
export function textOf(page: string): string {
  return readFileSync(join(repository, page), "utf8");
}

/** All blocks of a page, or of one of its sections, in order. */
export function blocksOf(page: string, section?: string): Block[] {
  const text = textOf(page);
  const [from, to] = section === undefined ? [0, text.length] : boundsOf(page, text, section);
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(({ index }) => index >= from && index < to)
    .map(({ index, 1: language = "", 2: code = "" }) => {
      const line = text.slice(0, index).split("\n").length + 1;
      return { page, line, language, code, ...nameOf(code) };
    });
}

function boundsOf(page: string, text: string, section: string): [number, number] {
  const from = text.indexOf(`\n## ${section}\n`);
  if (from < 0) throw new Error(`${page} has no section "${section}"`);
  const next = text.indexOf("\n## ", from + 1);
  return [from, next < 0 ? text.length : next];
}

/** `// path`, or `<!-- path -->` in markup, with what the block is of the file. */
function nameOf(code: string): Pick<Block, "file" | "part"> {
  const named = /^(?:\/\/|<!--) ([\w./$@()[\]+-]+\.\w+)(?:, ([\w ]+?))?(?: -->)?\n/.exec(code);
  if (named?.[1] === undefined) return { part: "whole" };
  const part = named[2] === undefined ? "whole" : PARTS.find((each) => each === named[2]);
  // Words of another kind name nothing: the block is refused as one without a name.
  return part === undefined ? { part: "whole" } : { file: named[1], part };
}
