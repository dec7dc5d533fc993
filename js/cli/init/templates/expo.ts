/** Expo: native alone, so no `crossDomain()`. */
import { GateError } from "../../../errors/index.js";
import type { Node, ObjectProperty } from "@babel/types";
import { end, found, parsed, start } from "../patches/edit.js";
import type { Project } from "../project.js";
import { specifier } from "../wanted-file.js";
import type { WantedFile } from "../wanted-file.js";
import { module } from "./shared.js";

export function expoFiles(project: Project): WantedFile[] {
  const { source, functions } = project;
  const client = `${source}lib/auth-client.ts`;
  const provider = `${source}lib/auth-provider.tsx`;
  const layout = ["app", "src/app"].find((each) => project.read(`${each}/_layout.tsx`)) ?? "app";
  const root = `${layout}/_layout.tsx`;
  const api = specifier(provider, `${functions}/_generated/api`);
  return [
    module(client, clientFile(schemeOf(project)), /convex-gate\/(?:expo|client\/plugins)/),
    module(provider, providerFile(api), /convex-gate\/react/),
    {
      path: root,
      mark: /AuthProvider/,
      lines: `import { AuthProvider } from "${specifier(root, provider)}";

<AuthProvider>{/* what you render now */}</AuthProvider>
`,
    },
  ];
}

/** The scheme by which the app is opened, from its configuration. Throws `INVALID_OPTION` where that says none. */
export function schemeOf({ read }: Project): string {
  const config = ["ts", "js", "mjs", "cjs"]
    .map((end) => `app.config.${end}`)
    .find((path) => read(path) !== undefined);
  const scheme =
    (config && schemeIn(read(config), config)) ??
    // Expo takes comments and the like there, as in a program.
    schemeIn(`export default ${read("app.json") ?? "{}"}`, "app.json");
  if (scheme !== undefined) return scheme;
  const place = config
    ? `scheme: "my-app" into the configuration that ${config} gives, as a literal,`
    : '"scheme": "my-app" into "expo" of app.json';
  throw new GateError(
    "INVALID_OPTION",
    `This app has no scheme, by which it is opened after a sign-in. Write ${place} and run this again.`,
  );
}

/**
 * A program is not run: what it makes of other values is not known. Below another property, as in an intent filter of
 * Android's, `scheme` is not the app's.
 */
function schemeIn(text = "", path: string): string | undefined {
  const source = parsed(text, path);
  const properties = source ? found(source, "ObjectProperty") : [];
  const isBelow = (inner: Node, outer: Node): boolean =>
    start(outer) < start(inner) && end(inner) <= end(outer);
  const own = properties.find(
    (property) =>
      keyOf(property) === "scheme" &&
      properties.every((outer) => keyOf(outer) === "expo" || !isBelow(property, outer)),
  );
  const value = own?.value.type === "ArrayExpression" ? own.value.elements[0] : own?.value;
  const scheme = textOf(value);
  return scheme !== undefined && SCHEME.test(scheme) ? scheme : undefined;
}

/** An app's own: a page's addresses open a browser. */
const SCHEME = /^(?!https?$)[a-z][\w.+-]*$/i;

function keyOf({ key }: ObjectProperty): string | undefined {
  return key.type === "Identifier" ? key.name : textOf(key);
}

function textOf(node: Node | null | undefined): string | undefined {
  if (node?.type === "StringLiteral") return node.value;
  return node?.type === "TemplateLiteral" && node.expressions.length === 0
    ? node.quasis[0]?.value.cooked
    : undefined;
}

function clientFile(scheme: string): string {
  return `import { createExpoAuthClient } from "convex-gate/expo";
import * as SecureStore from "expo-secure-store";

export const authClient = createExpoAuthClient({
  baseURL: process.env.EXPO_PUBLIC_CONVEX_SITE_URL,
  scheme: "${scheme}",
  storagePrefix: "${prefixOf(scheme)}",
  storage: SecureStore,
});
`;
}

/** SecureStore's keys are of letters, digits, `.`, `-` and `_`; a scheme may have a `+` as well. */
function prefixOf(scheme: string): string {
  return scheme.replaceAll("+", "_");
}

function providerFile(api: string): string {
  return `import { ConvexReactClient } from "convex/react";
import { ConvexBetterAuthProvider } from "convex-gate/react";
import type { ReactNode } from "react";
import { api } from "${api}";
import { authClient } from "./auth-client";

const convex = new ConvexReactClient(process.env.EXPO_PUBLIC_CONVEX_URL!, {
  initialAuthTokenReuse: true,
  // It would ask a page, which a device does not have.
  unsavedChangesWarning: false,
});

export function AuthProvider({ children }: { children: ReactNode }) {
  return (
    <ConvexBetterAuthProvider
      client={convex}
      authClient={authClient}
      sessionQuery={api.auth.sessionState}
    >
      {children}
    </ConvexBetterAuthProvider>
  );
}
`;
}

/** Packages whose versions belong to the app's version of Expo, which its own installer knows. */
const EXPO_PACKAGES = ["constants", "linking", "network", "secure-store", "web-browser"];

/** The command that installs what is missing of them; undefined where nothing is. */
export function expoInstall({ packages }: Project): string | undefined {
  const missing = EXPO_PACKAGES.map((name) => `expo-${name}`).filter((name) => !packages.has(name));
  return missing.length > 0 ? `npx expo install ${missing.join(" ")}` : undefined;
}
