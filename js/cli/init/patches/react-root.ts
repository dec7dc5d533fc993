/** `main.tsx` of an app that renders in the browser alone. */
import type { ImportDeclaration, JSXElement } from "@babel/types";
import {
  addImports,
  edited,
  end,
  found,
  importsFrom,
  isTaken,
  methodCalls,
  parsed,
  start,
} from "./edit.js";
import type { Edit, Patch, Patched, Source } from "./edit.js";
import { contentOf, isElement, tagOf, wrap } from "./jsx.js";

/** Modules as `main.tsx` imports them. */
export interface RootModules {
  readonly authProvider: string;
  readonly authClient: string;
  readonly api: string;
  readonly signIn: string;
}

/**
 * Puts the provider around what is rendered, and the sign-in form before that. Where Convex's own provider is, ours takes
 * its place, with the client that it has.
 */
export function provideAuth(modules: RootModules): Patch {
  return (code, path) => {
    const source = parsed(code, path);
    if (!source) return undefined;
    const elements = found(source, "JSXElement");
    const isThere =
      elements.some((element) => /^Convex(BetterAuth|Gate)Provider$/.test(tagOf(element) ?? "")) ||
      importsFrom(source, /\/auth-provider$/).length > 0;
    if (isThere) return "is-there";
    const providers = elements.filter((element) => /^Convex\w*Provider/.test(tagOf(element) ?? ""));
    if (providers.length > 0) return replaced(source, providers, modules);
    const roots = methodCalls(source, /^render$/).flatMap(({ arguments: [first] }) =>
      isElement(first) ? [first] : [],
    );
    const [root] = roots;
    if (!root || roots.length > 1 || isTaken(source, ["AuthProvider", "SignIn"])) return undefined;
    const place =
      tagOf(root) === "StrictMode" ? contentOf(source, root) : { at: start(root), to: end(root) };
    if (!place) return undefined;
    return {
      text: edited(source, [
        addImports(source, [
          `import { AuthProvider } from "${modules.authProvider}"`,
          `import { SignIn } from "${modules.signIn}"`,
        ]),
        wrap(source, place, ["<AuthProvider>", "</AuthProvider>"], ["<SignIn />"]),
      ]),
    };
  };
}

function replaced(source: Source, providers: readonly JSXElement[], modules: RootModules): Patched {
  const [provider] = providers;
  const convex = importsFrom(source, /^convex\/react$/)[0];
  const specifier = convex?.specifiers.find(({ local }) => local.name === "ConvexProvider");
  if (
    providers.length > 1 ||
    !provider?.closingElement ||
    tagOf(provider) !== "ConvexProvider" ||
    !convex ||
    !specifier ||
    isTaken(source, ["api", "authClient", "SignIn"])
  )
    return undefined;
  const { name } = provider.openingElement;
  const ours = "ConvexBetterAuthProvider";
  const imports = [
    `import { ${ours} } from "convex-gate/react"`,
    `import { api } from "${modules.api}"`,
    `import { authClient } from "${modules.authClient}"`,
    `import { SignIn } from "${modules.signIn}"`,
  ];
  const edits: Edit[] = [
    addImports(source, imports),
    withoutSpecifier(source, convex, specifier),
    { at: start(name), to: end(name), text: ours },
    {
      at: end(provider.openingElement) - 1,
      text: " authClient={authClient} sessionQuery={api.auth.sessionState}",
    },
    signInWithin(source, provider),
    { at: start(provider.closingElement.name), to: end(provider.closingElement.name), text: ours },
  ];
  return { text: edited(source, edits) };
}

/** The form, before what the element holds: on a line of its own where that is on one. */
function signInWithin(source: Source, element: JSXElement): Edit {
  const at = contentOf(source, element)?.at ?? end(element.openingElement);
  const margin = /\n[ \t]*$/.exec(source.code.slice(end(element.openingElement), at))?.[0] ?? "";
  return { at, text: `<SignIn />${margin}` };
}

/** A compiler that refuses unused names would refuse the import that stays behind. */
function withoutSpecifier(
  { code }: Source,
  declaration: ImportDeclaration,
  specifier: ImportDeclaration["specifiers"][number],
): Edit {
  if (declaration.specifiers.length === 1) {
    const before = /\n?$/.exec(code.slice(0, start(declaration)))?.[0] ?? "";
    return { at: start(declaration) - before.length, to: end(declaration), text: "" };
  }
  const rest = code.slice(end(specifier), end(declaration));
  const comma = /^\s*,\s*/.exec(rest)?.[0];
  if (comma !== undefined)
    return { at: start(specifier), to: end(specifier) + comma.length, text: "" };
  const before = /,\s*$/.exec(code.slice(start(declaration), start(specifier)))?.[0] ?? "";
  return { at: start(specifier) - before.length, to: end(specifier), text: "" };
}
