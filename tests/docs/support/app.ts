/** The app that a page describes, on disk: its own files, and those of the pages that it names. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, join } from "node:path";
import type { Block } from "./blocks.js";
import { blocksOf, pages, repository, textOf } from "./blocks.js";
import { asOptions, merged } from "./merge.js";

const output = join(repository, "tests/output/docs");
const generated = join(repository, "examples/react/convex/_generated");

/** The app of one page. */
export interface PageApp {
  readonly page: string;
  readonly folder: string;
  /** What is compiled: each block, and each state of a file that has several. */
  readonly files: ReadonlyMap<string, Block>;
}

/** Languages whose blocks are compiled. */
export const COMPILED: readonly string[] = ["ts", "tsx", "svelte"];

/** Writes the apps of all pages that have code, and gives them. */
export function writeApps(): PageApp[] {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(join(output, "node_modules"), { recursive: true });
  symlinkSync(repository, join(output, "node_modules/convex-gate"), "dir");
  return pages
    .filter((page) => codeOf(page).length > 0)
    .map((page) => writeApp(page, join(output, page.replaceAll(/\W+/g, "-"))));
}

/** Blocks of a page that are compiled. */
export function codeOf(page: string, section?: string): Block[] {
  return blocksOf(page, section).filter(({ language }) => COMPILED.includes(language));
}

function writeApp(page: string, folder: string): PageApp {
  const app = new Map<string, string>();
  for (const named of namedBy(page).reverse())
    for (const block of codeOf(named, named === "README.md" ? "Set up" : undefined))
      if (block.file !== undefined && (block.part === "whole" || app.has(block.file)))
        if (block.part !== "in the options") app.set(block.file, stateAfter(app, block));
  const files = new Map<string, Block>();
  for (const [index, block] of codeOf(page).entries()) {
    if (block.file === undefined) continue;
    const state = stateAfter(app, block);
    const isLast = block.part !== "in the options";
    const earlier = join(folder, block.file);
    // A state that a later block changes stays beside it, and is compiled as well.
    if (isLast && files.has(earlier)) {
      const aside = asideOf(earlier, files.size);
      write(aside, app.get(block.file) ?? "");
      files.set(aside, files.get(earlier)!);
    }
    const path = isLast ? earlier : asideOf(earlier, index + 100);
    if (isLast) app.set(block.file, state);
    else write(path, state);
    files.set(path, block);
  }
  for (const [file, text] of app) write(join(folder, file), text);
  writeGenerated(folder);
  return { page, folder, files };
}

function stateAfter(app: ReadonlyMap<string, string>, { page, file, part, code }: Block): string {
  if (part === "whole") return code;
  if (part === "in the options") return asOptions(code);
  const before = app.get(file ?? "");
  if (before === undefined)
    throw new Error(`${page} has a part of ${String(file)}, which it does not show`);
  return merged(before, code);
}

/** `convex/auth.ts` as `convex/auth--101.ts`, which is nobody's module. */
function asideOf(path: string, number: number): string {
  const extension = extname(path);
  return `${path.slice(0, -extension.length)}--${String(number)}${extension}`;
}

/** The pages that a page links to, nearest first, and those that these link to. */
function namedBy(page: string): string[] {
  const near = linksOf(page);
  const far = near.flatMap(linksOf);
  return [...new Set([...near, ...far])].filter((each) => each !== page);
}

function linksOf(page: string): string[] {
  const targets = [...textOf(page).matchAll(/\]\((?!https?:)([^)#\s]+\.md)(?:#[^)]*)?\)/g)];
  return targets
    .map(([, path = ""]) => join(dirname(page), path))
    .filter((path) => pages.includes(path));
}

/** What `npx convex dev` writes: the example's, for the modules that are here. */
function writeGenerated(folder: string): void {
  const convex = join(folder, "convex");
  if (!existsSync(convex)) return;
  const modules = readdirSync(convex)
    .filter((name) => /^\w+\.ts$/.test(name) && name !== "schema.ts")
    .map((name) => name.slice(0, -3));
  const list = modules.map((name) => `  ${name}: typeof import("../${name}.js");`).join("\n");
  const api = readFileSync(join(generated, "api.d.ts"), "utf8")
    .replaceAll(/^import type \* as .*\n/gm, "")
    .replace(/ApiFromModules<\{[^}]*\}>/, `ApiFromModules<{\n${list}\n}>`);
  write(join(convex, "_generated/api.d.ts"), api);
  for (const name of ["dataModel.d.ts", "server.d.ts"])
    write(join(convex, "_generated", name), readFileSync(join(generated, name), "utf8"));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
