/** `app/layout.tsx` of Next.js. */
import { addImports, edited, end, found, importsFrom, isTaken, parsed, start } from "./edit.js";
import type { Edit, Patch, Source } from "./edit.js";
import { isElement, tagOf, wrap } from "./jsx.js";

/** Modules as the layout imports them. */
export interface LayoutModules {
  readonly auth: string;
  readonly authProvider: string;
}

/** Puts the provider around the layout's `{children}`, with what the server knows of the visitor. */
export function provideInLayout(modules: LayoutModules): Patch {
  return (code, path) => {
    const source = parsed(code, path);
    if (!source) return undefined;
    if (importsFrom(source, /\/auth-provider$/).length > 0) return "is-there";
    // A provider of Convex's own has to make place, and where it is made differs from app to app.
    if (found(source, "JSXElement").some((element) => /^Convex/.test(tagOf(element) ?? "")))
      return undefined;
    const slots = found(source, "JSXElement")
      .filter(isElement)
      .flatMap(({ children }) => children)
      .filter(
        (child) =>
          child.type === "JSXExpressionContainer" &&
          child.expression.type === "Identifier" &&
          child.expression.name === "children",
      );
    const [slot] = slots;
    const asynchronous = makeAsync(source);
    if (!slot || slots.length > 1 || !asynchronous || isTaken(source, ["auth", "AuthProvider"]))
      return undefined;
    const tags = [
      "<AuthProvider initialState={await auth.getState()}>",
      "</AuthProvider>",
    ] as const;
    return {
      text: edited(source, [
        addImports(source, [
          `import { auth } from "${modules.auth}"`,
          `import { AuthProvider } from "${modules.authProvider}"`,
        ]),
        ...asynchronous,
        wrap(source, { at: start(slot), to: end(slot) }, tags),
      ]),
    };
  };
}

/** What makes the layout wait; undefined where it is not a function that stands in the export. */
function makeAsync({ body, isClient }: Source): Edit[] | undefined {
  const exported = body.find((statement) => statement.type === "ExportDefaultDeclaration");
  if (exported?.type !== "ExportDefaultDeclaration") return undefined;
  const { declaration } = exported;
  // A layout of the browser's has no server to ask.
  if (declaration.type !== "FunctionDeclaration" || isClient) return undefined;
  return declaration.async ? [] : [{ at: start(declaration), text: "async " }];
}
