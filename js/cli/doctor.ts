/** `doctor`: one line a finding, with the remedy. */
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { runConvex } from "./convex-cli.js";
import { exit } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { environmentFindings, SITE_URLS } from "./findings.js";
import type { Env, Finding } from "./findings.js";
import { printable } from "./printable.js";
import { deploymentFindings } from "./reachability.js";
import { selfHostedFindings } from "./self-hosted.js";

/** What the doctor is asked to look at. */
export interface DoctorOptions {
  /** The deployment's site URL; by default what the variables say. */
  readonly siteUrl?: string | undefined;
  readonly basePath: string;
  readonly offline: boolean;
  /** Whether the variables of the deployment are asked for with the Convex CLI. */
  readonly deployment: boolean;
  readonly prod: boolean;
}

/** Prints the findings; any error among them makes the exit code 1. */
export async function doctor(local: Env, options: DoctorOptions): Promise<ExitCode> {
  const { env, findings } = options.deployment
    ? await withDeployment(local, options.prod)
    : { env: local, findings: [] };
  findings.push(...environmentFindings(env, options.basePath));
  findings.push(...(await selfHostedFindings(env, options)));
  const siteUrl = options.siteUrl ?? SITE_URLS.map((name) => env[name]).find((value) => value);
  if (!options.offline && siteUrl !== undefined)
    findings.push(...(await deploymentFindings(siteUrl, options.basePath, env)));
  else
    findings.push({
      level: "ok",
      code: "DEPLOYMENT",
      message: options.offline ? "was not asked" : "was not asked: give --site-url",
    });
  for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
  return findings.some(({ level }) => level === "error") ? exit.problems : exit.fine;
}

/** The variables of a dotenv file; none when there is no such file. */
export function envFile(path: string): Env {
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}

async function withDeployment(
  local: Env,
  prod: boolean,
): Promise<{ env: Env; findings: Finding[] }> {
  const { code, output } = await runConvex(["env", "list", ...(prod ? ["--prod"] : [])], {
    capture: true,
  });
  if (code === 0) return { env: { ...local, ...parseEnv(output) }, findings: [] };
  const finding: Finding = {
    level: "error",
    code: "DEPLOYMENT_ENV",
    message: "`npx convex env list` failed",
    remedy: "run it yourself, or leave out --deployment",
  };
  return { env: local, findings: [finding] };
}

const signs = { ok: "ok     ", warning: "warning", error: "error  " };

function line({ level, code, message, remedy }: Finding): string {
  return printable(`${signs[level]} ${code}: ${message}${remedy ? ` -> ${remedy}` : ""}`);
}
