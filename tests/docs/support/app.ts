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
import { YOURS } from "./yours.js";

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

/** Writes the names that are the reader's own, and gives the file. */
export function writeYours(): string {
  const path = join(output, "yours.d.ts");
  write(path, YOURS);
  return path;
}

/** Blocks of a page that are compiled. */
export function codeOf(page: string, section?: string): Block[] {
  return blocksOf(page, section).filter(({ language }) => COMPILED.includes(language));
}

/**
 * The app's files after all blocks of a page, or those of some sections, over the files of the pages that it names.
 * `onState` hears of each block and of its file as it is then.
 */
export function filesOf(
  page: string,
  sections: readonly (string | undefined)[] = [undefined],
  onState: (block: Block, state: string) => void = () => undefined,
): Map<string, string> {
  const app = new Map<string, string>();
  for (const named of namedBy(page).reverse())
    for (const block of codeOf(named, named === "README.md" ? "Set up" : undefined))
      if (block.part === "whole" || app.has(block.file ?? "")) put(app, block);
  for (const block of sections.flatMap((section) => codeOf(page, section)))
    onState(block, put(app, block));
  return app;
}

/** Gives what the block's file is with it. Options alone are a file of their own, and change none. */
function put(app: Map<string, string>, block: Block): string {
  const state = stateAfter(app, block);
  if (block.file !== undefined && block.part !== "in the options") app.set(block.file, state);
  return state;
}

function writeApp(page: string, folder: string): PageApp {
  const files = new Map<string, Block>();
  const states = new Map<string, string>();
  const app = filesOf(page, undefined, (block, state) => {
    if (block.file === undefined) return;
    // A state that is not the file's last stays beside it, and is compiled as well.
    const path = asideOf(join(folder, block.file), files.size);
    files.set(path, block);
    states.set(path, state);
  });
  const home = functionsOf(page);
  for (const [name, text] of app) {
    const file = name.replace(/^convex\//, home);
    const last = [...states].findLast(
      ([path, state]) => files.get(path)?.file === name && state === text,
    );
    write(join(folder, file), text);
    if (!last) continue;
    files.set(join(folder, file), files.get(last[0])!);
    files.delete(last[0]);
    states.delete(last[0]);
  }
  for (const [path, text] of states) write(path, text);
  writeGenerated(join(folder, home));
  return { page, folder, files };
}

/** The folder of the functions, which a page's `convex.json` may name. */
function functionsOf(page: string): string {
  return /"functions": "([\w./-]+\/)"/.exec(textOf(page))?.[1] ?? "convex/";
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

/** The pages that a page links to, nearest first, and those that these link to; the README's set-up stands by itself. */
function namedBy(page: string): string[] {
  const near = linksOf(page);
  const far = near.filter((each) => each !== "README.md").flatMap(linksOf);
  return [...new Set([...near, ...far])].filter((each) => each !== page);
}

function linksOf(page: string): string[] {
  const targets = [...textOf(page).matchAll(/\]\((?!https?:)([^)#\s]+\.md)(?:#[^)]*)?\)/g)];
  return targets
    .map(([, path = ""]) => join(dirname(page), path))
    .filter((path) => pages.includes(path));
}

/** What `npx convex dev` writes: the example's, for the modules that are here. */
function writeGenerated(convex: string): void {
  if (!existsSync(convex)) return;
  const modules = readdirSync(convex)
    .filter((name) => /^\w+\.ts$/.test(name) && name !== "schema.ts")
    .map((name) => name.slice(0, -3));
  const list = modules.map((name) => `  ${name}: typeof import("../${name}.js");`).join("\n");
  const api = readFileSync(join(generated, "api.d.ts"), "utf8")
    .replaceAll(/^import type \* as .*\n/gm, "")
    .replace(/ApiFromModules<\{[^}]*\}>/, `ApiFromModules<{\n${list}\n}>`)
    .replace(/(components: \{\n)/, `$1${otherComponents(convex)}`);
  write(join(convex, "_generated/api.d.ts"), api);
  for (const name of ["dataModel.d.ts", "server.d.ts"])
    write(join(convex, "_generated", name), readFileSync(join(generated, name), "utf8"));
}

/** The types of the components that are installed beside ours, and of ours where it has another name. */
function otherComponents(convex: string): string {
  const config = join(convex, "convex.config.ts");
  const text = existsSync(config) ? readFileSync(config, "utf8") : "";
  const named = /\.use\(betterAuth, \{ name: "(\w+)" \}\)/.exec(text)?.[1];
  const imports = [...text.matchAll(/^import (\w+) from "(.+)\/convex\.config";$/gm)]
    .filter(([, , from]) => from !== "convex-gate")
    .map(([, name = "", from = ""]) => [name, from]);
  return [...imports, ...(named ? [[named, "convex-gate"]] : [])]
    .map(
      ([name = "", from = ""]) =>
        `  ${name}: import("${from}/_generated/component.js").ComponentApi<"${name}">;\n`,
    )
    .join("");
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
