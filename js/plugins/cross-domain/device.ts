/** The address that a device shows to its user. */
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { apiOrigin } from "./addresses.js";
import type { Sites } from "./addresses.js";

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["after"]>[number];

/** RFC 8628 section 3.2. */
const FIELDS = ["verification_uri", "verification_uri_complete"];

/**
 * A device asks for a code without any page, and `deviceAuthorization({ verificationUri: "/device" })` would name a path
 * of the API's host, where the app has no pages: it is one of the first frontend.
 */
export function verificationAtHome(sites: Sites): AfterHook {
  return {
    matcher: ({ path }) => path === "/device/code",
    handler: createAuthMiddleware(async (ctx) => {
      const returned: unknown = ctx.context.returned;
      if (typeof returned !== "object" || returned === null || !("verification_uri" in returned))
        return;
      const answer = returned as Record<string, unknown>;
      const api = apiOrigin(ctx.context);
      for (const field of FIELDS) {
        const value = answer[field];
        if (typeof value !== "string" || new URL(value).origin !== api) continue;
        const { pathname, search } = new URL(value);
        answer[field] = new URL(pathname + search, sites[0]).href;
      }
    }),
  };
}
