/** What `doctor` can tell from environment variables alone. Pure. */
import { webOrigin } from "../auth-config/app-origin.js";
import { DEFAULT_BASE_PATH, normalizeBasePath } from "../auth-config/base-path.js";
import { notSet } from "./finding.js";
import type { Env, Finding, Seen, Uses } from "./finding.js";
import { keyFindings } from "./key-findings.js";
import { secretFindings } from "./secret-findings.js";

/** What is set on the deployment, and means nothing where the frontend is built. */
export const DEPLOYMENT_VARIABLES: readonly string[] = [
  ...["BETTER_AUTH_SECRET", "BETTER_AUTH_SECRETS", "AUTH_SECRET"],
  ...["BETTER_AUTH_URL", "SITE_URL", "STATIC_JWKS"],
];

/** Prefixes by which the usual bundlers let a variable into the browser. */
const PUBLIC_PREFIXES = [
  ...["VITE_", "NEXT_PUBLIC_", "EXPO_PUBLIC_", "PUBLIC_", "NUXT_PUBLIC_"],
  ...["REACT_APP_", "GATSBY_"],
];
const CLIENT_URLS = PUBLIC_PREFIXES.map((prefix) => `${prefix}CONVEX_URL`);
/** Variables that say where the deployment's HTTP routes are, the surest first. */
export const SITE_URLS: readonly string[] = [
  "CONVEX_SITE_URL",
  ...PUBLIC_PREFIXES.map((prefix) => `${prefix}CONVEX_SITE_URL`),
];
const ROUTE_URLS = [...SITE_URLS, "BETTER_AUTH_URL"];
/** What must never be under a public prefix. */
const SECRETS = ["BETTER_AUTH_SECRET", "BETTER_AUTH_SECRETS", "STATIC_JWKS"];

/**
 * Looks at the variables of the deployment and of the frontend. Values of secrets never enter a
 * finding.
 */
export function environmentFindings(seen: Seen, basePath: string = DEFAULT_BASE_PATH): Finding[] {
  const { env } = seen;
  return [
    ...secretFindings(seen),
    ...baseUrlFindings(seen),
    ...publishedFindings(env),
    ...siteUrlFindings(seen),
    ...originFormFindings(env),
    ...basePathFindings(env, basePath),
    ...CLIENT_URLS.flatMap((code) =>
      hostFindings(env, code, ".convex.cloud", "the client speaks to the .convex.cloud address"),
    ),
    ...ROUTE_URLS.flatMap((code) =>
      hostFindings(env, code, ".convex.site", "HTTP routes live on the .convex.site address"),
    ),
    ...pairFindings(env),
    ...keyFindings(env),
  ];
}

function baseUrlFindings({ env, isWhole, prod, crossDomain }: Seen): Finding[] {
  const code = "BETTER_AUTH_URL";
  const value = env[code];
  if (value)
    return [urlFinding(code, value, `${setVariable(code, prod)} https://your-app.convex.site`)];
  const base = crossDomain === "no" && env["SITE_URL"] ? "SITE_URL" : "CONVEX_SITE_URL";
  return isWhole ? [{ level: "ok", code, message: `is not set: it is ${base}` }] : [];
}

function siteUrlFindings({ env, isWhole, prod, onlyHere, crossDomain, appUrl }: Seen): Finding[] {
  const code = "SITE_URL";
  const value = env[code];
  const remedy = `${setVariable(code, prod)} ${prod ? "https://app.example.com" : appUrl}`;
  if (value && webOrigin(value) === undefined)
    return [{ level: "error", code, message: "is not an http(s) URL, or not one only", remedy }];
  if (value) return [urlFinding(code, value, remedy)];
  if (!isWhole) return [];
  const origin = oneOrigin(env, crossDomain);
  if (origin !== undefined)
    return [
      { level: "ok", code, message: `is not needed: the app is at BETTER_AUTH_URL (${origin})` },
    ];
  // With crossDomain() the deployment refuses every request then. A native app does without.
  const message =
    crossDomain === "no"
      ? `${notSet(code, onlyHere)}, so links lead to the deployment, and no page is trusted`
      : `${notSet(code, onlyHere)}, so crossDomain() does not know the frontend`;
  return [{ level: "warning", code, message, remedy }];
}

/** A bundler writes such a variable into files that every visitor loads. */
function publishedFindings(env: Env): Finding[] {
  const names = PUBLIC_PREFIXES.flatMap((prefix) => SECRETS.map((secret) => prefix + secret));
  return names
    .filter((code) => env[code])
    .map((code) => ({
      level: "error",
      code,
      message: "is a secret under a prefix that bundlers publish",
      remedy: "remove it here, and replace the secret if anything was built with it",
    }));
}

function urlFinding(code: string, value: string, remedy: string): Finding {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    return { level: "error", code, message: "is not an http(s) URL", remedy };
  return { level: "ok", code, message: `is ${value}` };
}

function hostFindings(env: Env, code: string, suffix: string, why: string): Finding[] {
  const host = hostOf(env[code]);
  if (host === undefined) return [];
  const other = suffix === ".convex.site" ? ".convex.cloud" : ".convex.site";
  // Hosts of neither kind are self-hosted, local or custom domains.
  if (!host.endsWith(other)) return [];
  const right = env[code]?.replace(other, suffix);
  return [
    {
      level: "error",
      code,
      message: `ends in ${other}, but ${why}`,
      remedy: `set ${code}=${right}`,
    },
  ];
}

/** All variables of one app name one deployment. */
function pairFindings(env: Env): Finding[] {
  const first = CLIENT_URLS.find((name) => deploymentOf(env[name]) !== undefined);
  const cloud = first === undefined ? undefined : deploymentOf(env[first]);
  if (cloud === undefined) return [];
  return ROUTE_URLS.flatMap((code): Finding[] => {
    const named = deploymentOf(env[code]);
    if (named === undefined || named === cloud) return [];
    return [
      {
        level: "error",
        code,
        message: `names another deployment than ${first} (${cloud})`,
        remedy: `set ${code}=https://${cloud}.convex.site`,
      },
    ];
  });
}

/** Browsers send origins without a path, so a longer SITE_URL is never equal to one. */
function originFormFindings(env: Env): Finding[] {
  const code = "SITE_URL";
  const value = env[code];
  if (!value || !URL.canParse(value)) return [];
  const { origin, href } = new URL(value);
  // "null" is the origin of addresses that are no http(s) URL, which is a finding of its own.
  if (origin === "null" || href === `${origin}/`) return [];
  const remedy = `set ${code}=${origin}`;
  return [{ level: "warning", code, message: "is more than an origin", remedy }];
}

/** Better Auth lives under the path of its base URL when that has one, and not under its `basePath` (1.7). */
function basePathFindings(env: Env, basePath: string): Finding[] {
  const code = "BETTER_AUTH_URL";
  const value = env[code];
  const path = value && URL.canParse(value) ? new URL(value).pathname.replace(/\/+$/, "") : "";
  if (path === "" || path === normalizeBasePath(basePath)) return [];
  return [
    {
      level: "error",
      code,
      message: `has the path ${path}, so Better Auth lives there, not under ${basePath}`,
      remedy:
        `pass { basePath: "${path}" } to registerRoutes and getAuthConfigProvider and use --base-path ${path}, or ` +
        `set ${code} without a path`,
    },
  ];
}

/** The command that sets a variable, without its value. */
function setVariable(name: string, prod: boolean): string {
  return `npx convex env set ${prod ? "--prod " : ""}${name}`;
}

/**
 * The origin of an app that passes Better Auth's paths on to the deployment: then the base URL is the app's, which is
 * `SITE_URL` unless `BETTER_AUTH_URL` says otherwise. undefined where it is the deployment's own.
 */
export function oneOrigin(env: Env, crossDomain: Uses | undefined): string | undefined {
  const value = env["BETTER_AUTH_URL"] || (crossDomain === "no" ? env["SITE_URL"] : undefined);
  if (!value || !URL.canParse(value)) return undefined;
  const { origin } = new URL(value);
  const isSite = (name: string): boolean => {
    const site = env[name] ?? "";
    return URL.canParse(site) && new URL(site).origin === origin;
  };
  const isDeployment = deploymentOf(value) !== undefined || SITE_URLS.some(isSite);
  return isDeployment || origin === "null" ? undefined : origin;
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** The deployment's name; undefined for custom domains, local and self-hosted deployments. */
export function deploymentOf(url: string | undefined): string | undefined {
  return /^(.+)\.convex\.(?:cloud|site)$/.exec(hostOf(url) ?? "")?.[1];
}
