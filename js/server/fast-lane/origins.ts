/** The origin of a request, judged by the rules of `cors.ts` from facts in place of an instance. */
import type { LaneFacts } from "../../plugins/convex/lane-facts.js";
import type { Cors } from "../cors.js";
import { trustedOrigin } from "../cors.js";
import type { AuthInstance } from "../types.js";

/** As `trustedOrigin` for an instance. Throws also where a pattern would have to be understood. */
export function laneOrigin(facts: LaneFacts, request: Request, cors: Cors): Promise<string | null> {
  const context: Partial<Awaited<AuthInstance["$context"]>> = {
    options: {},
    trustedOrigins: [...facts.origins],
    isTrustedOrigin(this: { trustedOrigins: string[] }, url) {
      return isAmong(this.trustedOrigins, url);
    },
  };
  const auth = { $context: Promise.resolve(context) } as unknown as AuthInstance;
  return trustedOrigin(auth, request, cors);
}

/** Better Auth's comparison (1.7, `matchesOriginPattern`) as far as it is one of equals. */
function isAmong(origins: readonly string[], url: string): boolean {
  if (!/^https?:\/\//.test(url) && url !== "null") throw new Error("an origin of an app");
  const origin = URL.canParse(url) ? new URL(url).origin : null;
  if (origin !== null && origins.includes(origin)) return true;
  if (origins.some((pattern) => /[*?]/.test(pattern))) throw new Error("a pattern");
  return false;
}
