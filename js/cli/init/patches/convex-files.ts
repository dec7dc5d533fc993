/** Patches of the Convex files that an app may have already. */
import type { Node } from "@babel/types";
import {
  addImports,
  edited,
  end,
  endOfLine,
  found,
  importsFrom,
  isTaken,
  methodCalls,
  parsed,
  start,
  variableOf,
} from "./edit.js";
import type { Patch } from "./edit.js";

const COMPONENT = /^convex-gate\/convex\.config(\.js)?$/;

/** `convex.config.ts`: installs the component in the app that `defineApp()` made. */
export const installComponent: Patch = (code, path) => {
  const source = parsed(code, path);
  if (!source) return undefined;
  const ours = importsFrom(source, COMPONENT)[0]?.specifiers[0]?.local.name;
  const uses = methodCalls(source, /^use$/);
  if (ours !== undefined)
    return uses.some(({ arguments: [first] }) => isNamed(first, ours)) ? "is-there" : undefined;
  const app = variableOf(source, "defineApp");
  // A component of that name may be the one that this package takes the place of.
  if (!app || isTaken(source, ["betterAuth"])) return undefined;
  const lastUse = source.body.findLast(
    (statement) =>
      statement.type === "ExpressionStatement" && uses.some((use) => use === statement.expression),
  );
  return {
    text: edited(source, [
      addImports(source, ['import betterAuth from "convex-gate/convex.config"']),
      {
        at: endOfLine(source, lastUse ?? app.statement),
        text: `\n${app.name}.use(betterAuth)${source.style.end}`,
      },
    ]),
  };
};

/** `auth.config.ts`: lets Convex accept the tokens, beside those of other providers. */
export const acceptTokens: Patch = (code, path) => {
  const source = parsed(code, path);
  if (!source) return undefined;
  if (importsFrom(source, /^convex-gate\/auth-config$/).length > 0) return "is-there";
  const lists = found(source, "ObjectProperty").flatMap(({ key, value }) =>
    key.type === "Identifier" && key.name === "providers" && value.type === "ArrayExpression"
      ? [value]
      : [],
  );
  const [list] = lists;
  if (!list || lists.length > 1) return undefined;
  const last = list.elements.findLast((element) => element !== null);
  return {
    text: edited(source, [
      addImports(source, ['import { getAuthConfigProvider } from "convex-gate/auth-config"']),
      last
        ? { at: end(last), text: ", getAuthConfigProvider()" }
        : { at: start(list) + 1, text: "getAuthConfigProvider()" },
    ]),
  };
};

/** `http.ts`: mounts the routes beside those of the app. */
export function mountRoutes({ cors }: { readonly cors: boolean }): Patch {
  return (code, path) => {
    const source = parsed(code, path);
    if (!source) return undefined;
    // Other components have a method of that name too.
    const isMounted =
      methodCalls(source, /^registerRoutes(Lazy)?$/).some(
        ({ callee, arguments: [, second] }) =>
          (callee.type === "MemberExpression" && isNamed(callee.object, "authComponent")) ||
          isNamed(second, "createAuth"),
      ) || importsFrom(source, /^convex-gate\/http$/).length > 0;
    if (isMounted) return "is-there";
    const router = variableOf(source, "httpRouter");
    if (!router || isTaken(source, ["registerRoutes", "createAuth"])) return undefined;
    const options = cors ? ", { cors: true }" : "";
    const { quote } = source.style;
    const load = `async (ctx) => (await import(${quote}./auth${quote})).createAuth(ctx)`;
    const call = `registerRoutes(${router.name}, ${load}${options})`;
    return {
      text: edited(source, [
        addImports(source, ['import { registerRoutes } from "convex-gate/http"']),
        { at: endOfLine(source, router.statement), text: `\n${call}${source.style.end}` },
      ]),
    };
  };
}

function isNamed(node: Node | undefined, name: string): boolean {
  return node?.type === "Identifier" && node.name === name;
}
