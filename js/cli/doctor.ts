/** `doctor`: one line a finding, with the remedy. */
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { webOrigin } from "../auth-config/app-origin.js";
import { codeFindings, mountsRoutes, usesGate, usesOf } from "./code-findings.js";
import { readDeploymentEnv, readDeploymentSite } from "./deployment-env.js";
import type { ExitCode } from "./exit.js";
import { DEPLOYMENT_VARIABLES, environmentFindings, oneOrigin, SITE_URLS } from "./findings.js";
import type { Env, Finding, Seen, Uses } from "./finding.js";
import { frontendFindings } from "./frontend-build.js";
import { laneFindings } from "./lane-findings.js";
import { packageFindings } from "./package-findings.js";
import { crossDomainOf, developerFindings } from "./probes.js";
import { productionFindings } from "./production.js";
import { readProject } from "./project.js";
import type { Project } from "./project.js";
import { deploymentFindings, placeOf } from "./reachability.js";
import type { Place } from "./reachability.js";
import { consistent, exitCodeOf, report } from "./report.js";
import { selfHostedFindings } from "./self-hosted.js";

/** What the doctor is asked to look at. */
export interface DoctorOptions {
  /** The deployment's site URL; by default what the variables say. */
  readonly siteUrl?: string | undefined;
  readonly basePath: string;
  /** Whether nobody is asked: neither the deployment nor the Convex CLI. */
  readonly offline: boolean;
  /** Whether variables of the deployment that cannot be read are an error. */
  readonly deployment: boolean;
  readonly prod: boolean;
  /** Whether the report is JSON. */
  readonly json: boolean;
}

/** Prints the findings; any error among them makes the exit code 1. */
export async function doctor(local: Env, options: DoctorOptions): Promise<ExitCode> {
  const { offline, prod } = options;
  const folder = process.cwd();
  const project = readProject(folder);
  const { seen, unseen } = await look(local, options);
  const place = await placeAsked(seen.env, options);
  const told = place && (await crossDomainOf(place.base));
  const crossDomain =
    told ?? (usesGate(project) ? usesOf(project.functions, "crossDomain") : undefined);
  const findings = consistent([
    ...unseen,
    ...environmentFindings({ ...seen, crossDomain }, options.basePath),
    ...packageFindings(folder),
    ...laneFindings(folder, project),
    ...codeFindings(project, prod ? undefined : { ...sharedFiles(), ...local }, crossDomain),
    ...(await selfHostedFindings(seen.env, project, options)),
    ...(await siteFindings(place, { env: seen.env, crossDomain, project, offline, prod })),
    ...(prod ? await inProduction(seen, place, project, crossDomain) : []),
  ]);
  const code = exitCodeOf(findings, offline);
  process.stdout.write(report(findings, code, options.json));
  return code;
}

/** The variables of a dotenv file; none when there is no such file. */
export function envFile(path: string): Env {
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}

/**
 * The variables that count: the deployment's own, and those here for the frontend. Where the deployment's cannot be read,
 * those here stand in for them, and what is missing among them may well be set.
 */
async function look(
  local: Env,
  { offline, deployment, prod }: DoctorOptions,
): Promise<{ seen: Seen; unseen: Finding[] }> {
  const onlyHere = Object.keys(local).filter((name) => local[name]);
  const answer = offline ? { problem: "was not asked" } : await readDeploymentEnv(prod);
  if ("env" in answer) {
    // What is here for the frontend is of the deployment for development.
    const frontend = prod ? {} : without(local, DEPLOYMENT_VARIABLES);
    const env = { ...frontend, ...answer.env };
    return { seen: { env, isWhole: true, prod, ...(prod ? {} : { onlyHere }) }, unseen: [] };
  }
  const missing = DEPLOYMENT_VARIABLES.filter((name) => !local[name]);
  const unseen: Finding = {
    level: deployment ? "error" : "unseen",
    code: "DEPLOYMENT_ENV",
    message: `the deployment's variables: ${answer.problem}${missing.length > 0 ? `; not looked at: ${missing.join(", ")}` : ""}`,
    remedy: offline ? undefined : "run `npx convex dev` in this folder, which chooses a deployment",
  };
  return { seen: { env: local, isWhole: false, prod }, unseen: [unseen] };
}

/** Where Better Auth is to be asked; undefined where nobody is asked, or nobody knows. */
async function placeAsked(env: Env, options: DoctorOptions): Promise<Place | undefined> {
  if (options.offline) return undefined;
  const siteUrl =
    options.siteUrl ??
    SITE_URLS.map((name) => env[name]).find((value) => value) ??
    (await readDeploymentSite(options.prod));
  return siteUrl === undefined ? undefined : placeOf(siteUrl, options.basePath);
}

async function siteFindings(
  place: Place | undefined,
  known: {
    readonly env: Env;
    readonly crossDomain: Uses | undefined;
    readonly project: Project;
    readonly offline: boolean;
    readonly prod: boolean;
  },
): Promise<Finding[]> {
  const { env, crossDomain, project, offline, prod } = known;
  const code = "DEPLOYMENT";
  if (offline) return [{ level: "unseen", code, message: "was not asked" }];
  if (place === undefined) {
    const message = "was not asked, for want of its address";
    return [{ level: "unseen", code, message, remedy: "give --site-url" }];
  }
  const push = mountsRoutes(project) ? (prod ? "npx convex deploy" : "npx convex dev") : undefined;
  return deploymentFindings({
    place,
    env: { ...env, CONVEX_SITE_URL: place.site },
    crossDomain,
    push,
  });
}

async function inProduction(
  { env, isWhole }: Seen,
  place: Place | undefined,
  project: Project,
  crossDomain: Uses | undefined,
): Promise<Finding[]> {
  if (!isWhole) return [];
  const development = await readDeploymentEnv(false);
  const found = productionFindings(env, development, project);
  if (place === undefined) return found;
  const page = oneOrigin(env, crossDomain) ?? env["SITE_URL"];
  const dev = "env" in development ? development.env["SITE_URL"] : undefined;
  const here = webOrigin(dev ?? "") ?? "http://localhost:5173";
  const isOwn = page !== undefined && webOrigin(page) === here;
  return [
    ...found,
    ...(isOwn ? [] : await developerFindings(place.base, here)),
    ...(page === undefined ? [] : await frontendFindings(page, place.site)),
  ];
}

/** What bundlers read beside `.env.local`, and people commit. */
function sharedFiles(): Env {
  return { ...envFile(".env"), ...envFile(".env.development") };
}

function without(env: Env, names: readonly string[]): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
