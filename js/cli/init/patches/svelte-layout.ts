/** `routes/+layout.svelte` of SvelteKit. */
import { addImports, edited, endOfLine, found, importsFrom, parsed } from "./edit.js";
import type { Edit, Patch, Source } from "./edit.js";

/** Modules as the layout imports them. */
export interface SvelteLayoutModules {
  readonly api: string;
}

/** Sets up Convex, unless the layout does, and auth in the layout's script. */
export function setupInLayout(modules: SvelteLayoutModules): Patch {
  return (code) => {
    const script = /<script\b(?![^>]*\bmodule\b)[^>]*>([\s\S]*?)<\/script>/.exec(code);
    const text = script?.[1];
    const source = text === undefined ? undefined : parsed(text, "script.ts");
    if (!script || text === undefined || !source) return undefined;
    if (importsFrom(source, /^convex-gate\/svelte$/).length > 0) return "is-there";
    const props = propsOf(source);
    if (!props) return undefined;
    const margin = /\n([ \t]+)\S/.exec(text)?.[1] ?? "\t";
    const hasConvex = importsFrom(source, /^convex-svelte$/).length > 0;
    const { end: stop } = source.style;
    const calls = [
      ...(hasConvex ? [] : ["setupConvex(env.PUBLIC_CONVEX_URL, { initialAuthTokenReuse: true })"]),
      "setupAuth(authClient, { initialState: data.auth, sessionQuery: api.auth.sessionState })",
    ];
    const imports = [
      ...(hasConvex
        ? []
        : [
            'import { env } from "$env/dynamic/public"',
            'import { setupConvex } from "convex-svelte"',
          ]),
      'import { authClient } from "$lib/auth-client"',
      'import { setupAuth } from "convex-gate/svelte"',
      `import { api } from "${modules.api}"`,
    ];
    const added = addImports(source, imports);
    const setup = setupAfter(source, hasConvex) ?? props.end;
    const changed = edited(source, [
      { ...added, text: added.text.replaceAll(/\n(?=.)/g, `\n${margin}`) },
      ...props.edits,
      { at: setup, text: calls.map((call) => `\n${margin}${call}${stop}`).join("") },
    ]);
    const at = script.index + script[0].indexOf(text);
    return { text: code.slice(0, at) + changed + code.slice(at + text.length) };
  };
}

/** `let { children } = $props()`, with `data` among what it takes; undefined where there is none of that form. */
function propsOf(source: Source): { readonly edits: Edit[]; readonly end: number } | undefined {
  const { body, code } = source;
  for (const statement of body) {
    if (statement.type !== "VariableDeclaration") continue;
    for (const { id, init } of statement.declarations) {
      const isProps =
        init?.type === "CallExpression" &&
        init.callee.type === "Identifier" &&
        init.callee.name === "$props";
      if (!isProps || id.type !== "ObjectPattern") continue;
      // A written type of the props has to name `data` too.
      if (id.typeAnnotation) return undefined;
      const hasData = id.properties.some(
        (property) =>
          property.type === "ObjectProperty" &&
          property.key.type === "Identifier" &&
          property.key.name === "data",
      );
      const at = (id.start ?? 0) + code.slice(id.start ?? 0).indexOf("{") + 1;
      return { edits: hasData ? [] : [{ at, text: " data," }], end: endOfLine(source, statement) };
    }
  }
  return undefined;
}

/** Where Convex is set up, which has to come first. */
function setupAfter(source: Source, hasConvex: boolean): number | undefined {
  if (!hasConvex) return undefined;
  const call = found(source, "CallExpression").find(
    ({ callee }) => callee.type === "Identifier" && callee.name === "setupConvex",
  );
  const statement = source.body.find(
    (each) => each.type === "ExpressionStatement" && each.expression === call,
  );
  return statement && endOfLine(source, statement);
}
