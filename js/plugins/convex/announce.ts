/**
 * Tells the adapter that an endpoint is about to answer, and which: what is known to be asked for next comes along, and only
 * while it runs does the call right before answer another one.
 */
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { announcementsOf } from "../../adapter/announced.js";

type Hooks = NonNullable<BetterAuthPlugin["hooks"]>;

const matcher = (): boolean => true;

/** Runs last, so that no other hook comes between the announcement and the endpoint. */
export const announce: NonNullable<Hooks["before"]>[number] = {
  matcher,
  handler: createAuthMiddleware((ctx) => {
    const { context, path } = ctx;
    // A hook may have read the session already: then nothing of it is read again.
    announcementsOf(context.adapter)?.begin(path, !context.session);
    return Promise.resolve();
  }),
};

export const announceEnd: NonNullable<Hooks["after"]>[number] = {
  matcher,
  handler: createAuthMiddleware(({ context }) => {
    announcementsOf(context.adapter)?.end();
    return Promise.resolve();
  }),
};
