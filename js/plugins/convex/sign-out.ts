/** Tells the adapter that somebody signs out. */
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { signingOutOf } from "../../adapter/sign-out.js";

type BeforeHook = NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["before"]>[number];

/** Sign-out is two component calls then and not three. */
export const announceSignOut: BeforeHook = {
  matcher: ({ path }) => path === "/sign-out",
  handler: createAuthMiddleware(({ context }) => {
    signingOutOf(context.adapter)?.();
    return Promise.resolve();
  }),
};
