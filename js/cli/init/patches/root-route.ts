/** `routes/__root.tsx` of TanStack Start. */
import type { ObjectExpression } from "@babel/types";
import { addImports, edited, end, found, importsFrom, isTaken, parsed, start } from "./edit.js";
import type { Edit, Patch, Source } from "./edit.js";
import { tagOf, wrap } from "./jsx.js";

/** Modules as the root route imports them. */
export interface RootRouteModules {
  readonly auth: string;
  readonly authProvider: string;
}

/** Asks who the visitor is before the route loads, and puts the provider around the page. */
export function provideInRoot(modules: RootRouteModules): Patch {
  return (code, path) => {
    const source = parsed(code, path);
    if (!source) return undefined;
    if (importsFrom(source, /\/auth-provider$/).length > 0) return "is-there";
    const elements = found(source, "JSXElement");
    if (elements.some((element) => /^Convex/.test(tagOf(element) ?? ""))) return undefined;
    const options = rootOptions(source);
    // A `beforeLoad` of the app's has to call ours, and pass on what it gives.
    if (!options || has(options, "beforeLoad") || isTaken(source, ["auth", "AuthProvider"]))
      return undefined;
    const outlets = elements.filter((element) => tagOf(element) === "Outlet");
    const [outlet] = outlets;
    if (outlets.length > 1 || (!outlet && has(options, "component"))) return undefined;
    const { indent } = source.style;
    const added = [
      "beforeLoad: auth.rootAuth,",
      ...(outlet
        ? []
        : [
            "component: () => (",
            `${indent}<AuthProvider>`,
            `${indent.repeat(2)}<Outlet />`,
            `${indent}</AuthProvider>`,
            "),",
          ]),
    ];
    const edits: Edit[] = [
      ...(outlet
        ? [
            wrap(source, { at: start(outlet), to: end(outlet) }, [
              "<AuthProvider>",
              "</AuthProvider>",
            ]),
          ]
        : [importOutlet(source)]),
      { at: start(options) + 1, text: added.map((line) => `\n${indent}${line}`).join("") },
      addImports(source, [
        `import { auth } from "${modules.auth}"`,
        `import { AuthProvider } from "${modules.authProvider}"`,
      ]),
    ];
    return { text: edited(source, edits) };
  };
}

/** The object that is given to `createRootRoute`, or to what `createRootRouteWithContext()` gives. */
function rootOptions(source: Source): ObjectExpression | undefined {
  const calls = found(source, "CallExpression").filter(({ callee }) => {
    const made = callee.type === "CallExpression" ? callee.callee : callee;
    return made.type === "Identifier" && /^createRootRoute(WithContext)?$/.test(made.name);
  });
  const objects = calls.flatMap(({ arguments: [first] }) =>
    first?.type === "ObjectExpression" ? [first] : [],
  );
  return objects.length === 1 ? objects[0] : undefined;
}

function has({ properties }: ObjectExpression, name: string): boolean {
  return properties.some(
    (property) =>
      property.type !== "SpreadElement" &&
      property.key.type === "Identifier" &&
      property.key.name === name,
  );
}

/** Adds the name to an import that is there, unless that one's names are types alone. */
function importOutlet(source: Source): Edit {
  const last = importsFrom(source, /^@tanstack\/react-router$/)
    .filter(({ importKind }) => importKind !== "type")
    .flatMap(
      ({ specifiers }) => specifiers.findLast(({ type }) => type === "ImportSpecifier") ?? [],
    )
    .at(0);
  return last
    ? { at: end(last), text: ", Outlet" }
    : addImports(source, ['import { Outlet } from "@tanstack/react-router"']);
}
