/**
 * `keys generate` and `keys rotate`. The private parts go to standard output or, with `--set`, to the
 * standard input of `npx convex env set`, and nowhere else.
 */
import { text } from "node:stream/consumers";
import type { JwksDoc, KeyAlgorithm } from "../auth-config/keys.js";
import { GateError } from "../errors/index.js";
import { runConvex } from "./convex-cli.js";
import { exit } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { keySetText, newKeySet, rotatedKeySet } from "./keys.js";

/** Where a static key set goes. */
interface Destination {
  /** Into `STATIC_JWKS` of the deployment instead of to standard output. */
  readonly set: boolean;
  readonly prod: boolean;
}

/** Makes a new static key set. With `set` it refuses to replace one that is there. */
export async function generateKeys(alg: KeyAlgorithm, destination: Destination): Promise<ExitCode> {
  if (destination.set && (await deploymentKeys(destination)) !== "")
    throw new GateError(
      "INVALID_OPTION",
      "STATIC_JWKS is set already, and without its keys every token would be refused. Rotate it: npx convex-gate keys rotate --set",
    );
  return deliver(await newKeySet(alg, Date.now()), destination);
}

/**
 * Adds a key to the static key set of `STATIC_JWKS`, of standard input or, with `set`, of the
 * deployment; with `compromised` the new key replaces all others.
 */
export async function rotateStaticKeys(
  env: Readonly<Record<string, string | undefined>>,
  rotation: Destination & { readonly alg?: KeyAlgorithm; readonly compromised: boolean },
): Promise<ExitCode> {
  const given = rotation.set ? await deploymentKeys(rotation) : await givenKeys(env);
  if (given === "") {
    process.stderr.write(
      `ENV_MISSING: STATIC_JWKS is not set${rotation.set ? " on the deployment" : ""}. ${rotation.set ? MAKE : GIVE}\n` +
        "Keys that the deployment made itself are rotated there: npx convex-gate keys rotate --deployment\n",
    );
    return exit.problems;
  }
  const code = await deliver(await rotatedKeySet(given, rotation, Date.now()), rotation);
  if (rotation.compromised)
    process.stderr.write(
      "From when the set is in place, tokens of the older keys are refused, and clients fetch new ones.\n",
    );
  return code;
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
  const { code } = await runConvex(["run", ...target(rotation), rotation.function, body]);
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
const MAKE = "Make one: npx convex-gate keys generate --set";
const GIVE = "Give the current set: npx convex env get STATIC_JWKS | npx convex-gate keys rotate";

/** The set in the variable, or all of standard input: whoever writes there may take its time. */
async function givenKeys(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const variable = env["STATIC_JWKS"]?.trim();
  if (variable) return variable;
  return process.stdin.isTTY ? "" : (await text(process.stdin)).trim();
}

async function deploymentKeys(destination: Destination): Promise<string> {
  const args = ["env", "get", ...target(destination), "STATIC_JWKS"];
  const { code, output } = await runConvex(args, { capture: true });
  if (code === 0) return output.trim();
  throw new Error("`npx convex env get STATIC_JWKS` failed, so nothing was changed.");
}

async function deliver(keys: readonly JwksDoc[], destination: Destination): Promise<ExitCode> {
  const value = keySetText(keys);
  if (destination.set) {
    const args = ["env", "set", ...target(destination), "STATIC_JWKS"];
    const { code } = await runConvex(args, { input: value });
    if (code !== 0)
      throw new Error("`npx convex env set STATIC_JWKS` failed, so nothing was changed.");
    process.stderr.write(bothSides(keys));
    return exit.fine;
  }
  process.stdout.write(`${value}\n`);
  process.stderr.write(
    "The line above is the value of STATIC_JWKS. It holds private keys, so keep it out of files, the shell's history and the\n" +
      "arguments of programs: give it to the standard input of `npx convex env set STATIC_JWKS`. With --set the keys are made\n" +
      `and set without being printed.\n${bothSides(keys)}`,
  );
  return exit.fine;
}

/** What has to be in the app for the set to be used. */
function bothSides([newest]: readonly JwksDoc[]): string {
  const algorithm = newest?.alg === "ES256" ? ', algorithm: "ES256"' : "";
  return `Both sides need it: getAuthConfigProvider({ jwks: process.env.STATIC_JWKS${algorithm} }) and convex({ authConfig, jwks: process.env.STATIC_JWKS }).\n`;
}

function target({ prod }: { readonly prod: boolean }): string[] {
  return prod ? ["--prod"] : [];
}
