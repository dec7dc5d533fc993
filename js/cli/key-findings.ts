/** What `doctor` says about the deployment's static signing keys. */
import { isUnset, parseJwks } from "../auth-config/keys.js";
import type { Env, Finding } from "./finding.js";
import { MOST_VARIABLE_BYTES } from "./keys.js";

const GENERATE = "npx convex-gate keys generate";

/** The findings about `STATIC_JWKS`, none where it is not set. */
export function keyFindings(env: Env): Finding[] {
  const text = env["STATIC_JWKS"];
  if (text === undefined) return [];
  const code = "STATIC_JWKS";
  if (isUnset(text))
    return [
      {
        level: "warning",
        code,
        message: "is empty, so the keys are those that the deployment makes itself",
        remedy: `npx convex env remove ${code}, or npx convex-gate keys generate --set`,
      },
    ];
  try {
    const keys = parseJwks(text);
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > MOST_VARIABLE_BYTES)
      return [
        {
          level: "error",
          code,
          message: `has ${bytes} bytes, and a variable of Convex holds ${MOST_VARIABLE_BYTES}`,
          remedy: `${GENERATE} --alg ES256, or npx convex-gate keys rotate --compromised`,
        },
      ];
    if (keys.some((key) => key.privateKey))
      return [{ level: "ok", code, message: `holds ${keys.length} key(s)` }];
    return [
      {
        level: "error",
        code,
        message: "has no private key, so nothing can be signed",
        remedy: GENERATE,
      },
    ];
  } catch (error) {
    // The parser's messages name keys and members and never quote values.
    const message = error instanceof Error ? error.message : "is malformed";
    return [{ level: "error", code, message, remedy: GENERATE }];
  }
}
