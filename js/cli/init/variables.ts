/** The deployment's variables. What is set stays as it is, and a secret never leaves this process but for the Convex CLI. */
import { randomBytes } from "node:crypto";
import { GateError } from "../../errors/index.js";
import { runConvex } from "../convex-cli.js";
import { readDeploymentEnv } from "../deployment-env.js";
import type { Env } from "../finding.js";
import { WrongUsage } from "./wrong-usage.js";

/** Any of these is a secret of the app's own. */
const SECRETS = ["BETTER_AUTH_SECRET", "BETTER_AUTH_SECRETS", "AUTH_SECRET"];

/** What is missing on a deployment: names, and values that are not secret. */
export interface Missing {
  readonly secret: boolean;
  readonly siteUrl: string | undefined;
}

export function missingVariables(env: Env, appUrl: string | undefined): Missing {
  return {
    secret: SECRETS.every((name) => !env[name]),
    siteUrl: env["SITE_URL"] ? undefined : appUrl,
  };
}

/** What was set, and the app's address that the deployment now has. */
export interface Variables {
  readonly names: readonly string[];
  readonly siteUrl: string | undefined;
}

/**
 * Sets what is missing with `npx convex env set`. The values go through the CLI's standard input:
 * arguments are seen by every process of the machine. Throws `SETUP_FAILED` where the CLI refuses.
 */
export async function setVariables(
  appUrl: string | undefined,
  { prod }: { readonly prod: boolean },
): Promise<Variables> {
  const answer = await readDeploymentEnv(prod);
  if ("problem" in answer)
    throw new GateError("SETUP_FAILED", `The deployment's variables: ${answer.problem}.`);
  const { secret, siteUrl } = missingVariables(answer.env, appUrl);
  const values = {
    ...(secret ? { BETTER_AUTH_SECRET: randomBytes(32).toString("base64url") } : {}),
    ...(siteUrl === undefined ? {} : { SITE_URL: siteUrl }),
  };
  const names = Object.keys(values);
  const done = { names, siteUrl: siteUrl ?? answer.env["SITE_URL"] };
  if (names.length === 0) return done;
  const input = Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
  const args = ["env", "set", ...(prod ? ["--prod"] : [])];
  // It says what it has set, but not to what.
  const { code, complaint } = await runConvex(args, { capture: true, input, quietForMs: 60_000 });
  if (code === 0) return done;
  throw new GateError(
    "SETUP_FAILED",
    `\`npx convex ${args.join(" ")}\` could not set ${names.join(" and ")}${complaint.includes("\n") ? "" : `: ${complaint}`}.`,
  );
}

/** An address as `SITE_URL` has it: its origin. Throws `WrongUsage` for what is none. */
export function originOf(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url).origin;
  throw new WrongUsage(`${url} is not an address like https://app.example.com.`);
}
