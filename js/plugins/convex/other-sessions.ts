/** `/revoke-other-sessions` for a user with more sessions than Better Auth lists. */
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware, isAPIError } from "better-auth/api";

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["after"]>[number];

/**
 * Ends what the endpoint leaves. Better Auth (1.7) lists the other sessions, which are 100 at most where a list has no limit,
 * ends those and answers that all are over.
 */
export const endOtherSessions: AfterHook = {
  matcher: ({ path }) => path === "/revoke-other-sessions",
  handler: createAuthMiddleware(async ({ context }) => {
    const { adapter, options, returned, session } = context;
    if (!session || isAPIError(returned)) return;
    // Rows that are kept when their session ends are not what is left of a list.
    if (options.session?.preserveSessionInDatabase === true) return;
    const { userId, token } = session.session;
    await adapter.deleteMany({
      model: "session",
      where: [
        { field: "userId", value: userId },
        { field: "token", operator: "ne", value: token },
      ],
    });
  }),
};
