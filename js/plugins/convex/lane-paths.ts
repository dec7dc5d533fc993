/** Whether nothing but the endpoint itself makes the answer at a path. */
import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { isOwn } from "../shared/own-plugins.js";
import type { LanePath } from "./lane-facts.js";

/** Names in `auth.api` under which an app would replace an endpoint. */
const ENDPOINTS = new Set([
  "getSession",
  "getConvexToken",
  "getConvexTokenByOldName",
  "getConvexJwks",
  "getConvexOpenIdConfiguration",
]);

/** False where a plugin, a rate limit or an option of the app may have a say in the answers at `path`. */
export function isPlainPath(path: LanePath, context: AuthContext): boolean {
  const { disabledPaths = [], plugins = [] } = context.options;
  if (disabledPaths.includes(path) || !isUncounted(path, context.rateLimit)) return false;
  // The part of our own the fast lane does itself, or they have none in these paths.
  return plugins.every((plugin) => isOwn(plugin) || hasNoSay(plugin, path));
}

function hasNoSay(plugin: BetterAuthPlugin, path: string): boolean {
  if (plugin.onRequest || plugin.onResponse || plugin.middlewares?.length) return false;
  const endpoints = Object.entries(plugin.endpoints ?? {});
  if (endpoints.some(([name, { path: own }]) => ENDPOINTS.has(name) || mayCover(own, path)))
    return false;
  const hooks = [...(plugin.hooks?.before ?? []), ...(plugin.hooks?.after ?? [])];
  return !hooks.some((hook) => mayMatch(hook, path));
}

/** Patterns are those of Better Auth's router: `:name` and `**`. */
function mayCover(own: string | undefined, path: string): boolean {
  if (own === undefined) return false;
  const fixed = own.slice(0, own.search(/[:*]|$/));
  return fixed === own ? own.replace(/\/+$/, "") === path : path.startsWith(fixed);
}

/** A hook that goes by more than the path may match; so may one that fails without the rest of a request. */
function mayMatch({ matcher }: { matcher: (context: never) => unknown }, path: string): boolean {
  let looked = false;
  const look = (): undefined => {
    looked = true;
  };
  const request = new Proxy(
    {},
    {
      get: (_target, name) => (name === "path" ? path : look()),
      has: (_target, name) => name === "path" || look() === true,
      ownKeys: () => (look(), ["path"]),
    },
  );
  try {
    return Boolean(matcher(request as never)) || looked;
  } catch {
    return true;
  }
}

/** Whether the rule that applies, the first that matches, says that nothing is counted. */
function isUncounted(
  path: string,
  { enabled, customRules = {} }: AuthContext["rateLimit"],
): boolean {
  if (!enabled) return true;
  for (const [pattern, rule] of Object.entries(customRules)) {
    if (pattern === path) return rule === false;
    if (path.startsWith(pattern.slice(0, pattern.search(/[*?]|$/))) && /[*?]/.test(pattern))
      return false;
  }
  return false;
}
