/**
 * The modules of a Rust crate and which of them name which. `mod name;` only says where a module is; whoever names a
 * path into another module knows it. `pub use` counts: a file that hands its children's names on knows its children,
 * and so they must not know it.
 */
import { dirname, join } from "node:path";
import { filesOf, textOf } from "./files.js";
import type { Graph } from "./graph.js";

/** A module: where it is in the tree of modules, and its text. One within braces is part of its file. */
interface Module {
  readonly path: readonly string[];
  readonly file: string;
  readonly text: string;
}

/** The graph of the files of a crate that are reachable from its root, `src/lib.rs` for most. */
export function rustGraph(root: string): Graph {
  const known = new Set(filesOf(dirname(root).split("/").slice(0, 3).join("/"), ".rs"));
  const modules = new Map<string, Module>();
  const add = (path: readonly string[], file: string, source: string): void => {
    let text = "";
    for (const { name, body, before } of bracedModules(source)) {
      text += before;
      if (name !== undefined) add([...path, name], file, body);
    }
    modules.set(path.join("::"), { path, file, text });
    for (const [, attribute, name = ""] of text.matchAll(
      /(?:#\[path = "([^"]+)"\]\s*)?\bmod (\w+);/g,
    )) {
      const folder = path.length === 0 ? dirname(root) : file.replace(/(\/mod)?\.rs$/, "");
      const places = [
        attribute === undefined ? undefined : join(dirname(file), attribute),
        join(folder, `${name}.rs`),
        join(folder, name, "mod.rs"),
      ];
      const child = places.find((place) => place !== undefined && known.has(place));
      if (child === undefined) throw new Error(`${file}: no file of the module ${name}`);
      add([...path, name], child, bare(textOf(child)));
    }
  };
  add([], root, bare(textOf(root)));

  const graph = new Map<string, Set<string>>();
  for (const module of modules.values()) {
    const imported = graph.get(module.file) ?? new Set<string>();
    for (const path of pathsIn(module.text)) {
      const file = resolve(modules, module, path)?.file;
      if (file !== undefined && file !== module.file) imported.add(file);
    }
    graph.set(module.file, imported);
  }
  return graph;
}

/** Rust without its comments, characters and texts, but for texts that name a file of Rust: a module may be there. */
export function bare(source: string): string {
  const skipped =
    /\/\/.*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|b?"(?:\\[\s\S]|[^"\\])*"|b?'(?:\\[^']+|[^\\'])'/g;
  return source.replace(skipped, (text) => (/^"[\w./]+\.rs"$/.test(text) ? text : " "));
}

/** A text cut at its modules within braces: what stands before each, its name and what it holds. */
function* bracedModules(
  text: string,
): Generator<{ before: string; name?: string; body: string }, void> {
  let at = 0;
  for (;;) {
    const found = /\bmod (\w+)\s*\{/.exec(text.slice(at));
    const name = found?.[1];
    if (found === null || name === undefined) break;
    const begin = at + found.index + found[0].length;
    let end = begin;
    for (let depth = 1; depth > 0 && end < text.length; end += 1) {
      depth += text[end] === "{" ? 1 : text[end] === "}" ? -1 : 0;
    }
    yield { before: text.slice(at, at + found.index), name, body: text.slice(begin, end - 1) };
    at = end;
  }
  yield { before: text.slice(at), body: "" };
}

/** Every path that a text names, each use of a list by itself. */
export function pathsIn(text: string): string[][] {
  const uses = /\buse ([^;]+);/g;
  const used = [...text.matchAll(uses)].flatMap(([, tree = ""]) => spread(tree));
  const others = [...text.replace(uses, " ").matchAll(/(?<![\w:])\w+(?:::\w+)+/g)];
  return [...used, ...others.map(([path]) => path)].map((path) => path.split("::"));
}

/** `a::{b, c::{d, e}}` is `a::b`, `a::c::d` and `a::c::e`. */
function spread(tree: string): string[] {
  const open = tree.indexOf("{");
  if (open < 0) return [tree.replace(/ as \w+/, "").replaceAll(/\s/g, "")];
  const start = tree.slice(0, open).replaceAll(/\s/g, "");
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const letter of tree.slice(open + 1, tree.lastIndexOf("}"))) {
    if (letter === "," && depth === 0) {
      parts.push(part);
      part = "";
      continue;
    }
    depth += letter === "{" ? 1 : letter === "}" ? -1 : 0;
    part += letter;
  }
  return [...parts, part]
    .filter((each) => each.trim() !== "")
    .flatMap(spread)
    .map((each) => start + each);
}

/** The innermost module that a path names, if it is one of this crate. */
function resolve(
  modules: ReadonlyMap<string, Module>,
  from: Module,
  path: readonly string[],
): Module | undefined {
  const [first = "", ...rest] = path;
  let at: readonly string[];
  if (first === "crate") at = [];
  else if (first === "self") at = from.path;
  else if (first === "super") at = from.path.slice(0, -1);
  else if (modules.has([...from.path, first].join("::"))) at = [...from.path, first];
  else return undefined;
  for (const name of rest) {
    const next = name === "super" ? at.slice(0, -1) : [...at, name];
    if (!modules.has(next.join("::"))) break;
    at = next;
  }
  return modules.get(at.join("::"));
}
