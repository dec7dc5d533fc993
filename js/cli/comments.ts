/** Takes comments out of source text, of whatever language with JavaScript in it: TypeScript, JSX, Svelte, Vue. */

/** A text ends with its line; an apostrophe in a sentence of a page begins none that matters. */
const QUOTED = /"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/;
/** A slash begins a regular expression where no value stands before it, which it would divide. */
const EXPRESSION =
  /\/(?<=(?:[(,=:[!&|?{;]|=>|\breturn)\s*\/)(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//;
const COMMENT = /\/\*[\s\S]*?\*\//;
/** Not where more than a sign stands before it: `https://` may stand outside of texts, in a page. */
const LINE_COMMENT = /(?<![^\s;{}(,])\/\/.*/;
const MARK = /[`{}]/;
const TOKEN = new RegExp(
  [QUOTED, EXPRESSION, COMMENT, LINE_COMMENT, MARK].map(({ source }) => source).join("|"),
  "g",
);
/** What stands in a template, up to its end or to code within it. */
const TEMPLATE = /[^`\\$]*(?:(?:\\[\s\S]|\$(?!\{))[^`\\$]*)*(?:`|\$\{)?/y;

/** Source text without its comments. What is no comment stays as it is, marks of comments in texts among it. */
export function withoutComments(text: string): string {
  /** For each template around this place, how many braces are open in its code. */
  const open: number[] = [];
  let kept = "";
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) return kept + text.slice(at);
    const [token] = found;
    const isComment = token.startsWith("/*") || token.startsWith("//");
    kept += text.slice(at, found.index) + (isComment ? "" : token);
    at = TOKEN.lastIndex;
    const braces = open.at(-1);
    if (braces !== undefined && token === "{") open.splice(-1, 1, braces + 1);
    if (braces !== undefined && token === "}") open.splice(-1, 1, braces - 1);
    const isBack = token === "}" && braces === 0;
    if (isBack) open.pop();
    if (!isBack && token !== "`") continue;
    TEMPLATE.lastIndex = at;
    const [within = ""] = TEMPLATE.exec(text) ?? [];
    kept += within;
    at += within.length;
    if (within.endsWith("${")) open.push(0);
  }
}
