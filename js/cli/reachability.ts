/**
 * What `doctor` can tell by asking the deployment: whether issuer, keys, cookies and origins are as
 * the other side expects them. Nothing is signed in and nothing is changed.
 */
import { basePathOption, normalizeBasePath } from "../auth-config/base-path.js";
import { parseJwks } from "../auth-config/keys.js";
import { oneOrigin } from "./findings.js";
import type { Env, Finding, Uses } from "./finding.js";
import { cookieFinding, originFindings, setupFinding } from "./probes.js";
import { ask, askJson } from "./requests.js";
import type { Answer, Unanswered } from "./requests.js";

const DISCOVERY = "/.well-known/openid-configuration";

/** What is asked, and what is known of it beforehand. */
export interface Asked {
  /** Better Auth's address: the deployment's site URL with the base path. */
  readonly place: Place;
  readonly env: Env;
  readonly crossDomain: Uses | undefined;
  /** The command that pushes the functions here, where they mount the routes. */
  readonly push: string | undefined;
}

/** The address of Better Auth in its parts. */
export interface Place {
  readonly site: string;
  readonly path: string;
  readonly base: string;
}

/** Where Better Auth is to be on a deployment. */
export function placeOf(siteUrl: string, basePath: string): Place {
  const site = siteUrl.replace(/\/+$/, "");
  const path = normalizeBasePath(basePath);
  return { site, path, base: `${site}${path}` };
}

/** Asks the deployment. When Better Auth does not answer there, that is the only finding. */
export async function deploymentFindings({
  place: { site, path, base },
  env,
  crossDomain,
  push,
}: Asked): Promise<Finding[]> {
  const routes = siteOfCloud(site);
  if (routes !== undefined)
    return [
      {
        level: "error",
        code: "DEPLOYMENT",
        message: `is asked at ${site}, which is for clients and has no HTTP routes`,
        remedy: `use its address ${routes}`,
      },
    ];
  const discovery = await askJson(`${base}/convex${DISCOVERY}`);
  if ("problem" in discovery) return [await placeFinding(discovery, site, path, push)];
  const jwksUrl = `${base}/convex/jwks`;
  const own = oneOrigin(env, crossDomain);
  const [keys, setup] = await Promise.all([askJson(jwksUrl), setupFinding(base, site, own)]);
  // A set-up that refuses every frontend says nothing about cookies and origins.
  const probes = setup
    ? [setup]
    : await Promise.all([cookieFinding(base, site, own), originFindings(base, env, own)]);
  return [
    { level: "ok", code: "BASE_PATH", message: `is ${basePathOption(path)}` },
    issuerFinding(discovery.json, site),
    keySetFinding(keys, discovery.json, jwksUrl, env),
    ...probes.flat(),
  ];
}

/** The address of the routes, where this is the one for clients. */
function siteOfCloud(site: string): string | undefined {
  const cloud = /^(https?:\/\/[^/]+)\.convex\.cloud$/.exec(site)?.[1];
  return cloud && `${cloud}.convex.site`;
}

/** Why Better Auth does not answer: the root's discovery document tells where it is mounted. */
async function placeFinding(
  { problem, refusal, isUnreached }: Unanswered,
  site: string,
  path: string,
  push: string | undefined,
): Promise<Finding> {
  if (refusal !== undefined) return { level: "error", code: "SETUP", message: refusal };
  if (isUnreached)
    return {
      level: "error",
      code: "DEPLOYMENT",
      message: problem,
      remedy: `${site} is a wrong address, or the backend is not running: start it, or give the .convex.site address as --site-url`,
    };
  const code = "BASE_PATH";
  const root = await ask(`${site}${DISCOVERY}`, { redirect: "manual" });
  const location = "problem" in root ? null : root.response.headers.get("location");
  const found = location === null ? undefined : mountedPath(new URL(location, site));
  if (found !== undefined && found !== path) {
    const mounted = basePathOption(found);
    return {
      level: "error",
      code,
      message: `is ${mounted}, not ${basePathOption(path)}`,
      remedy: `use --base-path ${mounted}, and getAuthConfigProvider({ basePath: "${mounted}" }) in auth.config.ts`,
    };
  }
  return {
    level: "error",
    code,
    message: problem,
    remedy: push
      ? `push the functions that are here: ${push}`
      : "check registerRoutes(http, createAuth) in convex/http.ts, the convex() plugin and --base-path",
  };
}

function mountedPath({ pathname }: URL): string | undefined {
  const end = `/convex${DISCOVERY}`;
  return pathname.endsWith(end) ? pathname.slice(0, -end.length) : undefined;
}

function issuerFinding(discovery: Record<string, unknown>, site: string): Finding {
  const code = "ISSUER";
  const issuer = String(discovery["issuer"]).replace(/\/+$/, "");
  if (issuer === site) return { level: "ok", code, message: `is ${issuer}` };
  return {
    level: "error",
    code,
    message: `is ${issuer}, not ${site}`,
    remedy:
      "give doctor the deployment's own .convex.site address; auth.config.ts uses CONVEX_SITE_URL",
  };
}

function keySetFinding(
  answer: Answer,
  discovery: Record<string, unknown>,
  url: string,
  env: Env,
): Finding {
  const code = "JWKS";
  const wrong = (message: string, remedy: string): Finding => ({
    level: "error",
    code,
    message,
    remedy,
  });
  const remedy = "check the convex() plugin; `npx convex logs` shows why keys are missing";
  if ("problem" in answer) return wrong(answer.problem, remedy);
  const keys = keysOf(answer.json);
  if (keys.length === 0) return wrong("holds no key", remedy);
  if (keys.some((key) => "d" in key))
    return wrong(
      "shows PRIVATE members",
      `replace the keys at once: npx convex-gate keys rotate ${env["STATIC_JWKS"] ? "--set" : "--deployment"} --compromised`,
    );
  const named = String(discovery["jwks_uri"]);
  if (new URL(named, url).pathname !== new URL(url).pathname)
    return wrong(`is at ${named} for others and at ${url} for Convex`, "use one base path");
  const algorithms: unknown = discovery["id_token_signing_alg_values_supported"];
  if (Array.isArray(algorithms) && !keys.some(({ alg }) => algorithms.includes(alg)))
    return wrong(
      `holds no ${algorithms.join(" or ")} key`,
      "give auth.config.ts the algorithm of the keys",
    );
  const missing = staticIds(env).filter((id) => !keys.some(({ kid }) => kid === id));
  if (missing.length > 0)
    return wrong(
      `does not hold ${missing.join(", ")} of the STATIC_JWKS here`,
      "set the same STATIC_JWKS on the deployment and pass it to convex({ jwks })",
    );
  return { level: "ok", code, message: `holds ${keys.length} key(s)` };
}

function keysOf(set: Record<string, unknown>): Record<string, unknown>[] {
  const keys: unknown[] = Array.isArray(set["keys"]) ? set["keys"] : [];
  return keys.filter((key) => typeof key === "object" && key !== null) as Record<string, unknown>[];
}

/** Ids of the static keys that still sign; a malformed set is a finding of its own. */
function staticIds(env: Env): string[] {
  try {
    return parseJwks(env["STATIC_JWKS"] ?? "[]")
      .filter(({ expiresAt }) => expiresAt === undefined || expiresAt === null)
      .map(({ id }) => id);
  } catch {
    return [];
  }
}
