/** Wraps elements of a page. */
import type { JSXElement, Node } from "@babel/types";
import type { Edit, Source } from "./edit.js";
import { end, start } from "./edit.js";

/** The name of an element, `React.StrictMode` included. */
export function tagOf({ openingElement: { name } }: JSXElement): string | undefined {
  if (name.type === "JSXIdentifier") return name.name;
  return name.type === "JSXMemberExpression" ? name.property.name : undefined;
}

/** The text within an element without the white space around it; undefined where there is none. */
export function contentOf(
  { code }: Source,
  { openingElement, closingElement }: JSXElement,
): { readonly at: number; readonly to: number } | undefined {
  if (!closingElement) return undefined;
  const [from, until] = [end(openingElement), start(closingElement)];
  const text = code.slice(from, until);
  const before = text.length - text.trimStart().length;
  const after = text.length - text.trimEnd().length;
  return text.trim() === "" ? undefined : { at: from + before, to: until - after };
}

/** Puts what is from `at` to `to` between an opening and a closing tag, with further lines before it. */
export function wrap(
  { code, style }: Source,
  { at, to }: { readonly at: number; readonly to: number },
  [opening, closing]: readonly [opening: string, closing: string],
  before: readonly string[] = [],
): Edit {
  const line = code.slice(code.lastIndexOf("\n", at - 1) + 1, at);
  const margin = /^\s*/.exec(line)?.[0] ?? "";
  // What stands between two tags in one line gets lines of its own.
  const isBetween = line.trim() !== "" && code[at - 1] === ">" && code.startsWith("</", to);
  const outer = isBetween ? margin + style.indent : margin;
  const inner = outer + style.indent;
  const text = code.slice(at, to);
  // Within a template literal white space is text.
  const moved = text.includes("`") ? text : text.replaceAll(/\n(?!\n)/g, `\n${style.indent}`);
  const lines = [opening, ...[...before, moved].map((each) => inner + each), outer + closing];
  const wrapped = lines.join("\n");
  return { at, to, text: isBetween ? `\n${outer}${wrapped}\n${margin}` : wrapped };
}

/** Whether a node is a JSX element. */
export function isElement(node: Node | null | undefined): node is JSXElement {
  return node?.type === "JSXElement";
}
