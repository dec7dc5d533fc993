/** `doctor`: one line a finding, with the remedy. */
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { webOrigin } from "../auth-config/app-origin.js";
import { nearestPackage, readApp } from "./app.js";
import type { App, FileFault } from "./app.js";
import { codeFindings, mountsRoutes, usesGate, usesOf } from "./code-findings.js";
import { readDeploymentEnv, readDeploymentSite } from "./deployment-env.js";
import { exit } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { DEPLOYMENT_VARIABLES, environmentFindings, oneOrigin, SITE_URLS } from "./findings.js";
import type { Env, Finding, Seen, Uses } from "./finding.js";
import { developmentAddress, frameworkOf } from "./frameworks.js";
import { frontendFindings } from "./frontend-build.js";
import { laneFindings } from "./lane-findings.js";
import { packageFindings } from "./package-findings.js";
import { crossDomainOf, developerFindings } from "./probes.js";
import { productionFindings } from "./production.js";
import { deploymentFindings, placeOf } from "./reachability.js";
import type { Place } from "./reachability.js";
import { consistent, exitCodeOf, report } from "./report.js";
import { selfHostedFindings } from "./self-hosted.js";
import { readSourceTree } from "./source-tree.js";
import type { SourceTree } from "./source-tree.js";

/** What the doctor is asked to look at. */
export interface DoctorOptions {
  /** A file with variables. @default ".env.local" in the app's folder */
  readonly envFile?: string | undefined;
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

/** Looks at the app that the current folder belongs to, and prints the findings; any error among them makes the exit code 1. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const root = nearestPackage(process.cwd());
  if (root === undefined) return tell([NO_APP], exit.unseen, options);
  // Where the Convex CLI and the files of variables are.
  process.chdir(root);
  const app = readApp(root);
  // The Convex CLI refuses such an app as well, whatever else there is to say of it.
  const findings =
    app.faults.length > 0 ? app.faults.map(fileFinding) : await appFindings(app, options);
  return tell(findings, exitCodeOf(findings, options.offline), options);
}

const NO_APP: Finding = {
  level: "unseen",
  code: "PACKAGE_JSON",
  message: "is neither in this folder nor above it, so there is no app to look at",
  remedy: "run doctor in the folder of your app",
};

function fileFinding({ file, problem, remedy }: FileFault): Finding {
  const code = file === "package.json" ? "PACKAGE_JSON" : "CONVEX_JSON";
  return { level: "error", code, message: problem, remedy };
}

function tell(findings: readonly Finding[], code: ExitCode, { json }: DoctorOptions): ExitCode {
  process.stdout.write(report(findings, code, json));
  return code;
}

async function appFindings(app: App, options: DoctorOptions): Promise<Finding[]> {
  const { offline, prod } = options;
  const local = { ...envFile(options.envFile ?? ".env.local"), ...process.env };
  const tree = readSourceTree(app);
  const { seen, unseen } = await look(local, addressOf(app), options);
  const place = await placeAsked(seen.env, options);
  const told = place && (await crossDomainOf(place.base));
  const crossDomain = told ?? (usesGate(tree) ? usesOf(tree.functions, "crossDomain") : undefined);
  return consistent([
    ...unseen,
    ...environmentFindings({ ...seen, crossDomain }, options.basePath),
    ...(await packageFindings(app)),
    ...(await laneFindings(app.root, tree)),
    ...codeFindings(tree, prod ? undefined : { ...sharedFiles(), ...local }, crossDomain),
    ...(await selfHostedFindings(seen.env, tree, options)),
    ...(await siteFindings(place, { env: seen.env, crossDomain, tree, offline, prod })),
    ...(prod ? await inProduction(seen, place, tree, crossDomain) : []),
  ]);
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
  appUrl: string,
  { offline, deployment, prod }: DoctorOptions,
): Promise<{ seen: Seen; unseen: Finding[] }> {
  const onlyHere = Object.keys(local).filter((name) => local[name]);
  const answer = offline ? { problem: "was not asked" } : await readDeploymentEnv(prod);
  if ("env" in answer) {
    // What is here for the frontend is of the deployment for development.
    const frontend = prod ? {} : without(local, DEPLOYMENT_VARIABLES);
    const env = { ...frontend, ...answer.env };
    return {
      seen: { env, isWhole: true, prod, appUrl, ...(prod ? {} : { onlyHere }) },
      unseen: [],
    };
  }
  const missing = DEPLOYMENT_VARIABLES.filter((name) => !local[name]);
  const unseen: Finding = {
    level: deployment ? "error" : "unseen",
    code: "DEPLOYMENT_ENV",
    message: `the deployment's variables: ${answer.problem}${missing.length > 0 ? `; not looked at: ${missing.join(", ")}` : ""}`,
    remedy: offline
      ? undefined
      : "run `npx convex dev` in the folder of package.json, which chooses a deployment",
  };
  return { seen: { env: local, isWhole: false, prod, appUrl }, unseen: [unseen] };
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
    readonly tree: SourceTree;
    readonly offline: boolean;
    readonly prod: boolean;
  },
): Promise<Finding[]> {
  const { env, crossDomain, tree, offline, prod } = known;
  const code = "DEPLOYMENT";
  if (offline) return [{ level: "unseen", code, message: "was not asked" }];
  if (place === undefined) {
    const message = "was not asked, for want of its address";
    return [{ level: "unseen", code, message, remedy: "give --site-url" }];
  }
  const push = mountsRoutes(tree) ? (prod ? "npx convex deploy" : "npx convex dev") : undefined;
  return deploymentFindings({
    place,
    env: { ...env, CONVEX_SITE_URL: place.site },
    crossDomain,
    push,
  });
}

async function inProduction(
  { env, isWhole, appUrl }: Seen,
  place: Place | undefined,
  tree: SourceTree,
  crossDomain: Uses | undefined,
): Promise<Finding[]> {
  if (!isWhole) return [];
  const development = await readDeploymentEnv(false);
  const found = productionFindings(env, development, tree);
  if (place === undefined) return found;
  const page = oneOrigin(env, crossDomain) ?? env["SITE_URL"];
  const dev = "env" in development ? development.env["SITE_URL"] : undefined;
  const here = webOrigin(dev ?? "") ?? appUrl;
  const isOwn = page !== undefined && webOrigin(page) === here;
  return [
    ...found,
    ...(isOwn ? [] : await developerFindings(place.base, here)),
    ...(page === undefined ? [] : await frontendFindings(page, place.site)),
  ];
}

/** Where the app is in development; a guess where nothing here says it, as in a package of functions alone. */
function addressOf({ devScript, packages }: App): string {
  const framework = frameworkOf(packages);
  // The web build of an Expo app, which a native one does without.
  const guess = framework === "expo" ? "http://localhost:8081" : "http://localhost:5173";
  return developmentAddress(devScript, framework) ?? guess;
}

/** What bundlers read beside `.env.local`, and people commit. */
function sharedFiles(): Env {
  return { ...envFile(".env"), ...envFile(".env.development") };
}

function without(env: Env, names: readonly string[]): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
