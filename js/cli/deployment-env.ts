/** What the Convex CLI tells `doctor` of the deployment that the project in this folder uses. */
import { parseEnv } from "node:util";
import { isGateError } from "../errors/index.js";
import { runConvex } from "./convex-cli.js";
import type { Env } from "./finding.js";

/** The variables of a deployment, or why they could not be read. */
export type DeploymentEnv = { readonly env: Env } | { readonly problem: string };

const PATIENCE_MS = 20_000;

/** All variables of the deployment, as `npx convex env list` knows them. */
export async function readDeploymentEnv(prod: boolean): Promise<DeploymentEnv> {
  const listed = await ask(["env", "list", ...target(prod)]);
  if ("problem" in listed) return listed;
  // Where the CLI takes a coding agent for its user, it gives names alone. Nothing of this is shown.
  const isNames = listed.output.trim() !== "" && !listed.output.includes("=");
  const whole = isNames ? await ask(["env", "list", "--include-values", ...target(prod)]) : listed;
  return "problem" in whole ? whole : { env: parseEnv(whole.output) };
}

/** The `.convex.site` address of the deployment; undefined where the CLI does not tell, or it is hosted elsewhere. */
export async function readDeploymentSite(prod: boolean): Promise<string | undefined> {
  const told = await ask(["function-spec", ...target(prod)]);
  if ("problem" in told) return undefined;
  const url = /^\s*"url": "(https:\/\/[\w.-]+)\.convex\.cloud\/?"/m.exec(told.output)?.[1];
  return url && `${url}.convex.site`;
}

async function ask(args: string[]): Promise<{ output: string } | { problem: string }> {
  const command = `\`npx convex ${args.join(" ")}\``;
  try {
    const { code, output, complaint } = await runConvex(args, {
      capture: true,
      quietForMs: PATIENCE_MS,
    });
    if (code === undefined) return { problem: `${command} does not reach it` };
    return code === 0 ? { output } : { problem: reasonIn(complaint) ?? `${command} failed` };
  } catch (error) {
    if (isGateError(error)) return { problem: error.message };
    throw error;
  }
}

/** The CLI's own last failure, which it marks with a cross. */
function reasonIn(complaint: string): string | undefined {
  return [...complaint.matchAll(/^\W*✖\W*(.+)$/gm)].at(-1)?.[1];
}

function target(prod: boolean): string[] {
  return prod ? ["--prod"] : [];
}
