/** Better Auth's secret must be the app's own. */
import type { AuthContext } from "better-auth";
import { readEnv } from "../../auth-config/env.js";
import { GateError } from "../../errors/index.js";
import { isPublicSecret, SET_SECRET } from "../../utils/secrets.js";

/**
 * Throws `ENV_MISSING` without a secret and `SECRET_INSECURE` for one that anybody can look up.
 *
 * Better Auth (1.7, `validateSecret`) falls back to a public constant and refuses it only where `NODE_ENV` is
 * "production", which Convex does not set: whoever knows it forges session cookies and e-mail links. Former secrets count
 * as well, because what was encrypted with them is still accepted.
 */
export function checkSecret({
  secret,
  secretConfig,
}: Pick<AuthContext, "secret" | "secretConfig">): void {
  const versions = typeof secretConfig === "string" ? [] : [...secretConfig.keys];
  const bad = versions.find(([, value]) => isPublicSecret(value));
  if (bad)
    throw new GateError(
      "SECRET_INSECURE",
      `Version ${bad[0]} of BETTER_AUTH_SECRETS is a secret that anybody can look up. Remove it, and put one of your own in ` +
        'front, made with `openssl rand -base64 32`: `npx convex env set BETTER_AUTH_SECRETS "version:secret"`.',
      { meta: { variable: "BETTER_AUTH_SECRETS", version: bad[0] } },
    );
  const former = typeof secretConfig === "string" ? undefined : secretConfig.legacySecret;
  if (!isPublicSecret(secret) && !(former && isPublicSecret(former))) return;
  const variable = ["BETTER_AUTH_SECRET", "AUTH_SECRET"].find((name) => readEnv(name));
  throw variable === undefined
    ? new GateError("ENV_MISSING", `Better Auth has no secret of its own. Run \`${SET_SECRET}\`.`, {
        meta: { variable: "BETTER_AUTH_SECRET" },
      })
    : new GateError(
        "SECRET_INSECURE",
        `Better Auth's secret is one that anybody can look up. Run \`${SET_SECRET}\`, and leave the option \`secret\` out, ` +
          "which would go before the variable.",
        { meta: { variable } },
      );
}
