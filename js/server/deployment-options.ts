/** What Better Auth would otherwise take from a request, taken from the deployment before it is made. */
import type { BetterAuthOptions } from "better-auth";
import { appOrigin, SITE_URL, webOrigin } from "../auth-config/app-origin.js";
import { basePathOption, normalizeBasePath } from "../auth-config/base-path.js";
import { readEnv, siteOrigin } from "../auth-config/env.js";
import { GateError } from "../errors/index.js";

/** Where Better Auth looks for its base URL, in its order (1.7, `getBaseURL`). */
const BASE_URL_VARIABLES = [
  "BETTER_AUTH_URL",
  "NEXT_PUBLIC_BETTER_AUTH_URL",
  "PUBLIC_BETTER_AUTH_URL",
  "NUXT_PUBLIC_BETTER_AUTH_URL",
  "NUXT_PUBLIC_AUTH_URL",
  "BASE_URL",
];

/**
 * Completes the options that Better Auth hands to its database, in place: it reads them only afterwards (1.7,
 * `createBetterAuth`), and what a plugin's `init` changes would come too late for cookies and origins.
 *
 * - Without a base URL Better Auth takes the request's, and on Convex that follows `X-Forwarded-Host`: a stranger would
 *   choose the host of the links in mails. It becomes the app's origin, `SITE_URL`, where the app is on one origin, which
 *   is without `crossDomain()`; else that of `CONVEX_SITE_URL`. With `allowedHosts` that stays the app's list, and cookies
 *   are secure where the deployment is.
 * - `SITE_URL` is trusted, also where another base URL is given.
 * - Better Auth routes by the path of its base URL, but plugins go by `basePath` (the captcha would not be asked for under
 *   another one): both say the same.
 *
 * Throws `INVALID_OPTION` for a base URL that is none, `SITE_URL` included where it is the one, or that contradicts
 * `basePath`.
 */
export function settleOptions(options: BetterAuthOptions): void {
  const { baseURL, basePath, advanced } = options;
  const site = siteOrigin();
  // An app may have frozen its options; then they stay as they are.
  const set = (change: BetterAuthOptions): void => {
    for (const [name, value] of Object.entries(change)) Reflect.set(options, name, value);
  };
  const oneOrigin = isOnOneOrigin(options);
  if (typeof baseURL === "object") {
    if (oneOrigin) set(trusting(options));
    const isOpen = advanced?.useSecureCookies === undefined && !isFixed(baseURL.protocol);
    if (isOpen && site?.startsWith("https:"))
      set({ advanced: { ...advanced, useSecureCookies: true } });
    if (basePath) set({ basePath: basePathOption(normalizeBasePath(basePath)) });
    return;
  }
  const { url, source } = chosenUrl(baseURL);
  const parsed = url === undefined ? undefined : httpUrl(url, source);
  const base = parsed === undefined ? ((oneOrigin ? appOrigin() : undefined) ?? site) : undefined;
  if (base !== undefined) set({ baseURL: base });
  else if (oneOrigin) set(trusting(options));
  const path = parsed?.pathname.replace(/\/+$/, "") ?? "";
  if (path !== "" && basePath && normalizeBasePath(basePath) !== path)
    throw new GateError(
      "INVALID_OPTION",
      `${source} has the path "${path}", but basePath is "${basePath}": Better Auth takes the former. Leave basePath out, or ` +
        "give both the same path.",
      { meta: { option: "basePath" } },
    );
  if (path !== "" || basePath)
    set({ basePath: basePathOption(normalizeBasePath(path === "" ? basePath : path)) });
}

/** Whether the app passes Better Auth's paths on from its own origin: then it has no use for `crossDomain()`. */
function isOnOneOrigin({ plugins = [] }: BetterAuthOptions): boolean {
  return !plugins.some(({ id }) => id === "cross-domain");
}

/** The options that trust the app's origin beside what they trust already; a `SITE_URL` that names none is left out. */
function trusting({ trustedOrigins }: BetterAuthOptions): BetterAuthOptions {
  const origin = webOrigin(readEnv(SITE_URL) ?? "");
  if (origin === undefined) return {};
  if (typeof trustedOrigins !== "function")
    return { trustedOrigins: [...new Set([...(trustedOrigins ?? []), origin])] };
  return { trustedOrigins: async (request) => [...(await trustedOrigins(request)), origin] };
}

function isFixed(protocol: string | undefined): boolean {
  return protocol === "http" || protocol === "https";
}

function chosenUrl(option: string | undefined): { url?: string; source: string } {
  if (option) return { url: option, source: "baseURL" };
  for (const source of BASE_URL_VARIABLES) {
    const url = readEnv(source);
    if (url !== undefined && !(source === "BASE_URL" && url === "/")) return { url, source };
  }
  return { source: "CONVEX_SITE_URL" };
}

function httpUrl(text: string, source: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (url.protocol === "http:" || url.protocol === "https:") return url;
  }
  const example = siteOrigin() ?? "https://your-app.convex.site";
  const remedy =
    source === "baseURL"
      ? `Give it a protocol and a host, as "${example}".`
      : `Run \`npx convex env set ${source} ${example}\`, with your own address if you have one.`;
  throw new GateError("INVALID_OPTION", `${source} is no http(s) URL: "${text}". ${remedy}`, {
    meta: { option: source },
  });
}
