/** What `doctor` says to those who host Convex themselves. */
import { normalizeBasePath } from "../auth-config/base-path.js";
import { isUnset } from "../auth-config/keys.js";
import type { Env, Finding } from "./finding.js";
import { functionsFile } from "./source-tree.js";
import type { SourceTree } from "./source-tree.js";
import { askJson } from "./requests.js";

/** The variable by which Convex's own CLI finds a backend that is not in Convex's cloud (convex 1.48). */
const VARIABLE = "CONVEX_SELF_HOSTED_URL";

/**
 * Whether the key set of a self-hosted backend is fetched where it does not wait for itself, and is
 * there. Nothing is said of other deployments.
 */
export async function selfHostedFindings(
  env: Env,
  tree: SourceTree,
  { basePath, offline }: { readonly basePath: string; readonly offline: boolean },
): Promise<Finding[]> {
  const url = env[VARIABLE]?.replace(/\/+$/, "");
  if (!url) return [];
  const code = "SELF_HOSTED";
  if (!isUnset(env["STATIC_JWKS"]))
    return [{ level: "ok", code, message: "needs no request for static keys" }];
  // The file is the app's own code, so it is read for the option and not run.
  if (!/\bselfHosted:(?!\s*false)/.test(functionsFile(tree, "auth.config")?.text ?? ""))
    return [
      {
        level: "warning",
        code,
        message:
          "fetches its key set from its own site port, which a few requests with forged tokens block for good",
        remedy:
          "set getAuthConfigProvider({ selfHosted: true }) in convex/auth.config.ts, or use static keys",
      },
    ];
  const jwksUrl = `${url}/http${normalizeBasePath(basePath)}/convex/jwks`;
  if (offline) return [{ level: "ok", code, message: `fetches its key set at ${jwksUrl}` }];
  const answer = await askJson(jwksUrl);
  // The set-up is what is wrong then, which is a finding of its own.
  if ("refusal" in answer && answer.refusal !== undefined)
    return [{ level: "unseen", code, message: `whether it serves its key set at ${jwksUrl}` }];
  return "problem" in answer
    ? [
        {
          level: "error",
          code,
          message: `cannot fetch its key set: ${answer.problem}`,
          remedy: "let the proxy in front pass /http on, or use static keys",
        },
      ]
    : [{ level: "ok", code, message: `serves its key set at ${jwksUrl}` }];
}
