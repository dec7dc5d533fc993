/** `doctor`: one line a finding, with the remedy. */
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { readDeploymentEnv, readDeploymentSite } from "./deployment-env.js";
import { exit } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { DEPLOYMENT_VARIABLES, environmentFindings, SITE_URLS } from "./findings.js";
import type { Env, Finding, Seen } from "./findings.js";
import { printable } from "./printable.js";
import { deploymentFindings } from "./reachability.js";
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
}

/** Prints the findings; any error among them makes the exit code 1. */
export async function doctor(local: Env, options: DoctorOptions): Promise<ExitCode> {
  const { seen, unseen } = await look(local, options);
  const findings = [
    ...unseen,
    ...environmentFindings(seen, options.basePath),
    ...(await selfHostedFindings(seen.env, options)),
    ...(await siteFindings(seen.env, options)),
  ];
  for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
  return findings.some(({ level }) => level === "error") ? exit.problems : exit.fine;
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
  const answer = offline ? { problem: "was not asked" } : await readDeploymentEnv(prod);
  if ("env" in answer) {
    // What is here for the frontend is of the deployment for development.
    const frontend = prod ? {} : without(local, DEPLOYMENT_VARIABLES);
    return { seen: { env: { ...frontend, ...answer.env }, isWhole: true, prod }, unseen: [] };
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

async function siteFindings(env: Env, options: DoctorOptions): Promise<Finding[]> {
  const code = "DEPLOYMENT";
  if (options.offline) return [{ level: "unseen", code, message: "was not asked" }];
  const siteUrl =
    options.siteUrl ??
    SITE_URLS.map((name) => env[name]).find((value) => value) ??
    (await readDeploymentSite(options.prod));
  if (siteUrl !== undefined)
    return deploymentFindings(siteUrl, options.basePath, { ...env, CONVEX_SITE_URL: siteUrl });
  const message = "was not asked, for want of its address";
  return [{ level: "unseen", code, message, remedy: "give --site-url" }];
}

function without(env: Env, names: readonly string[]): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

const signs = { ok: "ok     ", warning: "warning", error: "error  ", unseen: "unseen " };

function line({ level, code, message, remedy }: Finding): string {
  return printable(`${signs[level]} ${code}: ${message}${remedy ? ` -> ${remedy}` : ""}`);
}
