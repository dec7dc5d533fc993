/** `keys generate` and `keys rotate`: the private parts go to standard output and nowhere else. */
import { readFileSync } from "node:fs";
import type { KeyAlgorithm } from "../auth-config/keys.js";
import { runConvex } from "./convex-cli.js";
import { exit } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { newKeySet, rotatedKeySet } from "./keys.js";

/** Prints a new static key set. */
export async function generateKeys(alg: KeyAlgorithm): Promise<ExitCode> {
  return printKeys(await newKeySet(alg, Date.now()), "npx convex-gate keys generate");
}

/** Prints the static key set of `STATIC_JWKS`, or of standard input, with a key added. */
export async function rotateStaticKeys(
  env: Readonly<Record<string, string | undefined>>,
  alg: KeyAlgorithm | undefined,
): Promise<ExitCode> {
  const text = env["STATIC_JWKS"] || (process.stdin.isTTY ? "" : readFileSync(0, "utf8").trim());
  if (text === "") {
    process.stderr.write(
      "ENV_MISSING: STATIC_JWKS is not set. Give the current set: npx convex env get STATIC_JWKS | npx convex-gate keys rotate\n" +
        "Keys that the deployment made itself are rotated there: npx convex-gate keys rotate --deployment\n",
    );
    return exit.problems;
  }
  return printKeys(
    await rotatedKeySet(text, alg, Date.now()),
    "npx convex env get STATIC_JWKS | npx convex-gate keys rotate",
  );
}

/** What `keys rotate --deployment` calls. */
export interface DeploymentRotation {
  /** The app's internal action, as `npx convex run` takes it. */
  readonly function: string;
  readonly compromised: boolean;
  readonly prod: boolean;
}

/** Rotates the ring of the deployment by calling the app's function for it. */
export async function rotateDeploymentKeys(rotation: DeploymentRotation): Promise<ExitCode> {
  const body = JSON.stringify(rotation.compromised ? { compromised: true } : {});
  const target = rotation.prod ? ["--prod"] : [];
  const { code } = await runConvex(["run", ...target, rotation.function, body], { capture: false });
  if (code === 0) return exit.fine;
  process.stderr.write(
    `The function ${rotation.function} could not be run. It has to be in the app:\n\n${FUNCTION}\n`,
  );
  return exit.problems;
}

const FUNCTION = `  // convex/auth.ts
  export const rotateKeys = internalAction({
    args: { compromised: v.optional(v.boolean()) },
    handler: (ctx, args) => createAuth(ctx).api.rotateConvexKeys({ body: args }),
  });
`;

function printKeys(keys: readonly object[], source: string): ExitCode {
  process.stdout.write(`${JSON.stringify(keys)}\n`);
  process.stderr.write(
    "Set the line above as STATIC_JWKS, without it passing through a file or the shell's history:\n" +
      `  ${source} | npx convex env set STATIC_JWKS\n` +
      "or: npx convex env set STATIC_JWKS -- '<the line above>'\n" +
      "Then give it to both sides: getAuthConfigProvider({ jwks: process.env.STATIC_JWKS }) and convex({ authConfig, jwks: process.env.STATIC_JWKS }).\n",
  );
  return exit.fine;
}
