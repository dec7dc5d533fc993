/** The secret that Better Auth takes from the deployment's variables, for what signs in its place without an instance. */
import { readEnv } from "../auth-config/env.js";
import { GateError } from "../errors/index.js";
import type { GateErrorCode } from "../errors/index.js";
import { isPublicSecret, secretVersions, SET_SECRET } from "../utils/secrets.js";

const SET_VERSION = 'npx convex env set BETTER_AUTH_SECRETS "version:secret"';
const PUBLIC = "the secret is one that anybody can look up";

/** Makes the error of a caller whose secret is of no use. */
type Refusal = (code: GateErrorCode, variable: string, problem: string, remedy: string) => Error;

/**
 * The current secret: the first of `BETTER_AUTH_SECRETS` or, where there are none, `BETTER_AUTH_SECRET`.
 *
 * @throws GateError `ENV_MISSING` without one, `SECRET_INSECURE` for one that anybody can look up, and `INVALID_OPTION` for
 * versions that Better Auth cannot read.
 */
export function environmentSecret(caller: string): string {
  const refusal: Refusal = (code, variable, problem, remedy) =>
    new GateError(
      code,
      `${caller}: ${problem}. ${remedy}, or use getAuth(createAuth, ctx) where the secret is elsewhere.`,
      { meta: { variable } },
    );
  const list = readEnv("BETTER_AUTH_SECRETS");
  return list === undefined ? onlySecret(refusal) : currentSecret(list, refusal);
}

function onlySecret(refusal: Refusal): string {
  const [variable, remedy] = ["BETTER_AUTH_SECRET", `Run \`${SET_SECRET}\``];
  const secret = readEnv(variable) ?? readEnv("AUTH_SECRET");
  if (secret === undefined)
    throw refusal("ENV_MISSING", variable, `there is no ${variable}`, remedy);
  if (isPublicSecret(secret)) throw refusal("SECRET_INSECURE", variable, PUBLIC, remedy);
  return secret;
}

function currentSecret(list: string, refusal: Refusal): string {
  const variable = "BETTER_AUTH_SECRETS";
  const current = secretVersions(list)?.[0].value;
  if (current === undefined)
    throw refusal(
      "INVALID_OPTION",
      variable,
      `${variable} is not a list of \`version:secret\` with a version for each, as Better Auth reads it`,
      `Set it as in \`${SET_VERSION}\``,
    );
  if (isPublicSecret(current))
    throw refusal(
      "SECRET_INSECURE",
      variable,
      PUBLIC,
      `Put one of your own in front, made with \`openssl rand -base64 32\`: \`${SET_VERSION}\``,
    );
  return current;
}
