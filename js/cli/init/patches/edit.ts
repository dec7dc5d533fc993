/** Changes to source files by their syntax tree: the tree says where, and all other text stays as its author wrote it. */
import { parse } from "@babel/parser";
import type { Declaration, ImportDeclaration, Node, Statement } from "@babel/types";

/** A file that was read. */
export interface Source {
  readonly code: string;
  readonly body: readonly Statement[];
  /** Whether the browser runs it, as frameworks with a server have it said. */
  readonly isClient: boolean;
  readonly style: { readonly quote: string; readonly end: string; readonly indent: string };
}

/** Text that takes the place of what is from `at` to `to`. */
export interface Edit {
  readonly at: number;
  /** @default at, so that nothing is taken away */
  readonly to?: number;
  readonly text: string;
}

/**
 * The outcome of a patch: what it adds is there already, the new text, lines to add by hand other than the usual, or undefined
 * where it does not know the form.
 */
export type Patched =
  "is-there" | { readonly text: string } | { readonly lines: string } | undefined;

/** Changes the text of a file, or finds that it cannot. */
export type Patch = (code: string, path: string) => Patched;

/** Undefined where the file does not parse. */
export function parsed(code: string, path: string): Source | undefined {
  try {
    const isScript = /\.[cm]?ts$/.test(path);
    const plugins = isScript ? (["typescript"] as const) : (["typescript", "jsx"] as const);
    const { program } = parse(code, { sourceType: "module", plugins: [...plugins] });
    const isClient = program.directives.some(({ value }) => value.value === "use client");
    return { code, body: program.body, isClient, style: styleOf(code, program.body) };
  } catch {
    return undefined;
  }
}

/** As most of the file has it. */
function styleOf(code: string, body: readonly Statement[]): Source["style"] {
  const first = body.find(({ type }) => type === "ImportDeclaration");
  const text = first ? code.slice(start(first), end(first)) : "";
  return {
    quote: text.includes("'") ? "'" : '"',
    end: first && !text.endsWith(";") ? "" : ";",
    indent: /^\t/m.test(code) ? "\t" : "  ",
  };
}

export function start(node: Node): number {
  return node.start ?? 0;
}

export function end(node: Node): number {
  return node.end ?? 0;
}

/** Where a line of its own can follow a statement: after the comment that stands beside it. */
export function endOfLine({ code }: Source, statement: Node): number {
  const beside =
    /^[ \t]*(\/\/.*|\/\*.*\*\/[ \t]*(?=\n|$))/.exec(code.slice(end(statement)))?.[0] ?? "";
  return end(statement) + beside.length;
}

/** Applies edits that do not overlap; of those at one place the earlier comes first. All that is needed of `magic-string`. */
export function edited({ code }: Source, edits: readonly Edit[]): string {
  const inOrder = [...edits].sort((one, other) => one.at - other.at);
  const pieces = inOrder.map(
    ({ at, text }, index) => code.slice(endOf(inOrder[index - 1]), at) + text,
  );
  return pieces.join("") + code.slice(endOf(inOrder.at(-1)));
}

function endOf(edit: Edit | undefined): number {
  return edit ? (edit.to ?? edit.at) : 0;
}

/** A node and all below it. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const [key, value] of Object.entries(node)) {
    if (/comments$/i.test(key)) continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value as unknown])
      if (isNode(child)) yield* nodesOf(child);
  }
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
  );
}

/** Nodes of one type in the whole file. */
export function found<T extends Node["type"]>(
  source: Source,
  type: T,
): Extract<Node, { type: T }>[] {
  return source.body.flatMap((statement) =>
    [...nodesOf(statement)].filter(
      (node): node is Extract<Node, { type: T }> => node.type === type,
    ),
  );
}

export function importsFrom(source: Source, module: RegExp): ImportDeclaration[] {
  return source.body.filter(
    (statement): statement is ImportDeclaration =>
      statement.type === "ImportDeclaration" && module.test(statement.source.value),
  );
}

/** Whether a module has an export of that name; one that passes on all of another's may have it. */
export function isExported({ body }: Source, name: string): boolean {
  return body.some((statement) => {
    if (statement.type === "ExportAllDeclaration") return true;
    if (statement.type !== "ExportNamedDeclaration") return false;
    const { declaration, specifiers } = statement;
    const exported = specifiers.map((each) =>
      each.exported.type === "Identifier" ? each.exported.name : each.exported.value,
    );
    return exported.includes(name) || (declaration != null && declares(declaration, name));
  });
}

function declares(declaration: Declaration, name: string): boolean {
  if (declaration.type !== "VariableDeclaration")
    return "id" in declaration && declaration.id?.type === "Identifier"
      ? declaration.id.name === name
      : false;
  return declaration.declarations.some(({ id }) =>
    [...nodesOf(id)].some((node) => node.type === "Identifier" && node.name === name),
  );
}

/** Whether a name is bound at the top of the file, so that an import of ours would collide with it. */
export function isTaken(source: Source, names: readonly string[]): boolean {
  const declared = source.body.flatMap((statement): readonly string[] => {
    if (statement.type === "ImportDeclaration")
      return statement.specifiers.map(({ local }) => local.name);
    const declaration =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type === "VariableDeclaration")
      return declaration.declarations.flatMap(({ id }) =>
        id.type === "Identifier" ? [id.name] : [],
      );
    return declaration && "id" in declaration && declaration.id?.type === "Identifier"
      ? [declaration.id.name]
      : [];
  });
  return names.some((name) => declared.includes(name));
}

/** Adds import lines, written as `import { a } from "b"`, below those that are there. */
export function addImports(source: Source, lines: readonly string[]): Edit {
  const { quote, end: stop } = source.style;
  const text = lines.map((line) => `${line.replaceAll('"', quote)}${stop}`);
  const last = source.body.findLast(({ type }) => type === "ImportDeclaration");
  if (last) return { at: endOfLine(source, last), text: text.map((line) => `\n${line}`).join("") };
  const first = source.body[0];
  const at = first ? (first.leadingComments?.[0]?.start ?? start(first)) : source.code.length;
  return { at, text: text.map((line) => `${line}\n`).join("") };
}

/** The name of a variable at the top that a call of this function made: `app` of `const app = defineApp()`. */
export function variableOf(
  source: Source,
  callee: string,
): { readonly name: string; readonly statement: Statement } | undefined {
  for (const statement of source.body) {
    const declaration =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { id, init } of declaration.declarations)
      if (
        id.type === "Identifier" &&
        init?.type === "CallExpression" &&
        init.callee.type === "Identifier" &&
        init.callee.name === callee
      )
        return { name: id.name, statement };
  }
  return undefined;
}

/** The method's name in a call like `app.use(…)`, at whatever depth. */
export function methodCalls(
  source: Source,
  method: RegExp,
): Extract<Node, { type: "CallExpression" }>[] {
  return found(source, "CallExpression").filter(
    ({ callee }) =>
      callee.type === "MemberExpression" &&
      callee.property.type === "Identifier" &&
      method.test(callee.property.name),
  );
}
