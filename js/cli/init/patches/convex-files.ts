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
  if (deploymentsProviderIn(source, list)) return { lines: NOT_YET };
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

/** Whether the deployment has a provider for the same application, beside which `convex()` has to be told of ours alone. */
export function hasOtherProvider(code: string, path: string): boolean {
  const source = parsed(code, path);
  const list = source && providersIn(source);
  return (
    source !== undefined && list !== undefined && deploymentsProviderIn(source, list) !== undefined
  );
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

function deploymentsProviderIn(
  source: Source,
  { elements }: ArrayExpression,
): ObjectExpression | undefined {
  return elements.find(
    (element): element is ObjectExpression =>
      element?.type === "ObjectExpression" &&
      source.code.slice(start(element), end(element)).includes("CONVEX_SITE_URL") &&
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

/** What to do where the deployment has a provider already. Those of other issuers stay beside ours. */
const NOT_YET = `// Not yet. The provider that is there has the deployment's own address and applicationID "convex", as ours has, and Convex
// uses the first such provider alone: tokens of only one of the two work. Put ours in its place in the push in which your app
// changes over; for Convex Auth see "The way" in docs/coming-from-convex-auth.md of convex-gate.
import { getAuthConfigProvider } from "convex-gate/auth-config";

  providers: [getAuthConfigProvider()],
`;

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
