/** Patches of the Convex files that an app may have already. */
import type { ArrayExpression, Node, ObjectExpression } from "@babel/types";
import { APPLICATION_ID } from "../../../auth-config/application-id.js";
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
import type { Patch, Source } from "./edit.js";

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
  const list = providersIn(source);
  if (!list || isTaken(source, ["getAuthConfigProvider"])) return undefined;
  const other = convexProviderIn(list);
  if (other) return { lines: besideLines(source.code.slice(start(other), end(other))) };
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

/** Whether a provider for the same application is there, beside which `convex()` has to be told of ours alone. */
export function hasOtherProvider(code: string, path: string): boolean {
  const source = parsed(code, path);
  const list = source && providersIn(source);
  return list !== undefined && convexProviderIn(list) !== undefined;
}

/** The list, where there is one alone. */
function providersIn(source: Source): ArrayExpression | undefined {
  const lists = found(source, "ObjectProperty").flatMap(({ key, value }) =>
    key.type === "Identifier" && key.name === "providers" && value.type === "ArrayExpression"
      ? [value]
      : [],
  );
  return lists.length === 1 ? lists[0] : undefined;
}

function convexProviderIn({ elements }: ArrayExpression): ObjectExpression | undefined {
  return elements.find(
    (element): element is ObjectExpression =>
      element?.type === "ObjectExpression" &&
      element.properties.some(
        (property) =>
          property.type === "ObjectProperty" &&
          (isNamed(property.key, "applicationID") ||
            (property.key.type === "StringLiteral" && property.key.value === "applicationID")) &&
          property.value.type === "StringLiteral" &&
          property.value.value === APPLICATION_ID,
      ),
  );
}

/** What to do about `other`, the text of a provider for the same application. */
function besideLines(other: string): string {
  const isDeployment = other.includes("CONVEX_SITE_URL");
  const why = isDeployment
    ? `// Not yet. The provider that is there has the deployment's own address and applicationID "convex", as ours has, and Convex
// uses the first such provider alone: tokens of only one of the two work. Put ours in its place in the push in which your app
// changes over; for Convex Auth see "The way" in docs/coming-from-convex-auth.md of convex-gate.`
    : `// Beside the provider that is there. It has applicationID "convex" too, of which convex() takes one alone: where auth.ts
// imports this file, write there in place of that import: const authConfig = { providers: [getAuthConfigProvider()] };`;
  const list = isDeployment
    ? "providers: [getAuthConfigProvider()],"
    : "providers: [/* what is there */, getAuthConfigProvider()],";
  return `${why}
import { getAuthConfigProvider } from "convex-gate/auth-config";

  ${list}
`;
}

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
