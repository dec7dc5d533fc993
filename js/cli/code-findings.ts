/** What `doctor` can tell from the app's own files: whether all parts are there, and whether they fit. Pure. */
import type { Env, Finding, Uses } from "./finding.js";
import { nativeLacks } from "./native-needs.js";
import { functionsFile } from "./source-tree.js";
import type { SourceFile, SourceTree } from "./source-tree.js";

/**
 * Looks at the four Convex files and at the auth client. `env` is what the frontend is built with, undefined where that is
 * elsewhere; `crossDomain` is whether the server side has that plugin.
 */
export function codeFindings(
  tree: SourceTree,
  env: Env | undefined,
  crossDomain: Uses | undefined,
): Finding[] {
  return [
    ...convexFindings(tree),
    ...clientFindings(tree, crossDomain),
    ...nativeFindings(tree),
    ...(env ? variableFindings(tree, env) : []),
  ];
}

/** Whether the functions here use this package at all. */
export function usesGate({ functions }: SourceTree): boolean {
  return functions.some(({ text }) => /["']convex-gate[/"']/.test(text));
}

/** Whether the functions here mount Better Auth's routes. */
export function mountsRoutes(tree: SourceTree): boolean {
  const isMounted = tree.functions.some(({ text }) => /\bregisterRoutes(Lazy)?\(/.test(text));
  return isMounted && functionsFile(tree, "http") !== undefined;
}

/** Whether files call `name()`. */
export function usesOf(files: readonly SourceFile[], name: string): Uses {
  const calls = files.flatMap(({ text }) =>
    text.split("\n").filter((line) => new RegExp(`\\b${name}\\(`).test(line)),
  );
  if (calls.length === 0) return "no";
  return calls.some((line) => !/\?|&&|\bif\b/.test(line)) ? "yes" : "sometimes";
}

/** The parts on Convex's side, each by what it cannot do without. */
function convexFindings(tree: SourceTree): Finding[] {
  const { functions, functionsFolder: folder, hasFunctions } = tree;
  const code = "CONVEX_FILES";
  if (!hasFunctions)
    return [
      {
        level: "unseen",
        code,
        message: `no Convex functions are here: there is no ${folder}/`,
        remedy:
          "npx convex-gate init writes them; if another package has them, run doctor in its folder",
      },
    ];
  const mentions = (pattern: RegExp): boolean => functions.some(({ text }) => pattern.test(text));
  if (!usesGate(tree))
    return [
      {
        level: "error",
        code,
        message: `nothing in ${folder}/ uses convex-gate`,
        remedy: "npx convex-gate init",
      },
    ];
  const parts: readonly [code: string, isThere: boolean, message: string, remedy: string][] = [
    [
      "COMPONENT",
      mentions(/convex-gate\/convex\.config/) && mentions(/\.use\(/),
      "is not installed",
      `in ${folder}/convex.config.ts: import betterAuth from "convex-gate/convex.config"; app.use(betterAuth)`,
    ],
    [
      "AUTH_CONFIG",
      /getAuthConfigProvider|customJwt/.test(functionsFile(tree, "auth.config")?.text ?? ""),
      "does not let Convex accept the tokens",
      `in ${folder}/auth.config.ts: export default { providers: [getAuthConfigProvider()] }, imported from "convex-gate/auth-config"`,
    ],
    [
      "CONVEX_PLUGIN",
      usesOf(functions, "convex") !== "no",
      "is missing, so nobody gets a token",
      'add convex({ authConfig }) of "convex-gate/plugins" to the plugins of betterAuth',
    ],
    [
      "ROUTES",
      mountsRoutes(tree),
      "are not mounted, so every endpoint is a 404",
      `in ${folder}/http.ts: authComponent.registerRoutes(http, createAuth), with the router as default export`,
    ],
  ];
  const providers = ownProviders(functionsFile(tree, "auth.config")?.text ?? "");
  if (providers > 1)
    return [
      {
        level: "error",
        code: "AUTH_CONFIG",
        message: `has ${String(providers)} providers with applicationID "convex" for this deployment, of which Convex uses one and convex() refuses the rest`,
        remedy: `keep one in ${folder}/auth.config.ts`,
      },
    ];
  const missing = parts.filter(([, isThere]) => !isThere);
  if (missing.length === 0)
    return [{ level: "ok", code, message: "have component, auth.config, plugin and routes" }];
  return missing.map(([part, , message, remedy]) => ({
    level: "error",
    code: part,
    message,
    remedy,
  }));
}

/** How many providers of auth.config.ts are ours; a choice between them cannot be seen from outside, and counts as one. */
function ownProviders(text: string): number {
  if (/[^?]\?[^?.:]|&&|\|\||\bif\b/.test(text)) return 1;
  const written = (text.match(/\{[^{}]*\}/g) ?? []).filter(
    // Those of another issuer, as Clerk's, may stand beside ours.
    (each) => /\bapplicationID:\s*["']convex["']/.test(each) && each.includes("CONVEX_SITE_URL"),
  );
  return written.length + (text.match(/\bgetAuthConfigProvider\(/g)?.length ?? 0);
}

/** The files that make an auth client. */
function clientFindings({ sources }: SourceTree, crossDomain: Uses | undefined): Finding[] {
  const clients = sources.filter(({ text }) => /\bcreate(?:Expo)?AuthClient\(/.test(text));
  // Of several, as for the web and for devices, nobody can tell from outside which one is used where.
  const unfit = clients.map((file) => originsFinding(file, crossDomain));
  const isUnfit = unfit.length > 0 && unfit.every((finding) => finding !== undefined);
  const found = [
    ...clients.flatMap(clientFaults),
    ...(isUnfit ? unfit.filter((finding) => finding !== undefined) : []),
  ];
  if (found.length > 0 || clients.length === 0) return found;
  const names = clients.map(({ path }) => path).join(", ");
  return [{ level: "ok", code: "CLIENT", message: `${names}: fits the deployment` }];
}

/**
 * A `baseURL` that is the client's address as it stands. What a call or a method makes of it may be right, as with
 * `.replace(".cloud", ".site")`.
 */
const CLOUD_ADDRESS =
  /\bbaseURL:[^,\n}(]*?\b(\w*CONVEX_)URL\b(?=(?:["']\])?!?\s*(?:[,;]|$|as\b|\?\?|\|\||\}(?![^`\n]*`\s*\.)))/;

function clientFaults({ path, text }: SourceFile): Finding[] {
  const found: Finding[] = [];
  if (!isExpo(text) && usesOf([{ path, text }], "convexClient") === "no")
    found.push(
      clientFault(
        `${path} makes a client without convexClient(), so Convex gets no token`,
        'add convexClient() of "convex-gate/client/plugins" to its plugins',
      ),
    );
  const cloud = CLOUD_ADDRESS.exec(text)?.[1];
  if (cloud !== undefined)
    found.push(
      clientFault(
        `${path} has ${cloud}URL as its baseURL, where no HTTP routes are`,
        `use ${cloud}SITE_URL`,
      ),
    );
  return found;
}

/** Whether the client is for one origin and the server for two, or the other way round. */
function originsFinding(file: SourceFile, crossDomain: Uses | undefined): Finding | undefined {
  if (isExpo(file.text)) return undefined;
  const client = usesOf([file], "crossDomainClient");
  if (crossDomain === "yes" && client === "no" && usesOf([file], "expoClient") === "no")
    return clientFault(
      `${file.path} has no crossDomainClient(), and the deployment has crossDomain(): browsers would keep no session`,
      'add crossDomainClient() of "convex-gate/client/plugins" to its plugins; on one origin take crossDomain() off the server',
    );
  if (crossDomain === "no" && client === "yes")
    return clientFault(
      `${file.path} has crossDomainClient(), and the deployment has no crossDomain(): it would find no session`,
      'add crossDomain() of "convex-gate/plugins" to the plugins of betterAuth; on one origin take crossDomainClient() off the client',
    );
  return undefined;
}

/** A client that has `convexClient()`, and on the web `crossDomainClient()`, by itself. */
function isExpo(text: string): boolean {
  return /\bcreateExpoAuthClient\(/.test(text);
}

/** Whether the functions have the other half of a native app's client. */
function nativeFindings(tree: SourceTree): Finding[] {
  const client = tree.sources.find(
    (file) => isExpo(file.text) || usesOf([file], "expoClient") !== "no",
  );
  if (!client || !usesGate(tree)) return [];
  const scheme = /\bscheme:\s*["'`]([a-z][\w.+-]*)["'`]/i.exec(client.text)?.[1];
  const lacks = nativeLacks(tree.functions, scheme);
  const origin = `${scheme ?? "<scheme>"}://`;
  const found: Finding[] = [];
  if (lacks.plugin)
    found.push({
      level: "error",
      code: "EXPO_PLUGIN",
      message: `is missing, and ${client.path} is of an Expo app: what a device asks with its cookie is refused, a sign-out among it`,
      remedy: 'add expo() of "@better-auth/expo" to the plugins of betterAuth',
    });
  if (lacks.scheme)
    found.push({
      level: "warning",
      code: "TRUSTED_ORIGINS",
      message: `do not hold ${origin} in ${tree.functionsFolder}/, so a device is refused (INVALID_ORIGIN, INVALID_CALLBACK_URL)`,
      remedy: `add trustedOrigins: ["${origin}"] to the options of betterAuth`,
    });
  return found;
}

function clientFault(message: string, remedy: string): Finding {
  return { level: "error", code: "CLIENT", message, remedy };
}

/** Variables of the frontend that files read and nobody has set. */
function variableFindings({ sources }: SourceTree, env: Env): Finding[] {
  const read = new Map<string, string>();
  for (const { path, text } of sources)
    for (const [, name = ""] of text.matchAll(
      /\benv\.([A-Z_]*PUBLIC_CONVEX_(?:SITE_)?URL|VITE_CONVEX_(?:SITE_)?URL)\b/g,
    ))
      if (!read.has(name)) read.set(name, path);
  return [...read]
    .filter(([name]) => !env[name])
    .map(([name, path]) => ({
      level: "error",
      code: name,
      message: `is read in ${path}, and not set here`,
      remedy:
        "npx convex dev writes it into .env.local (convex 1.31.7 and newer); then start the app's server again",
    }));
}
