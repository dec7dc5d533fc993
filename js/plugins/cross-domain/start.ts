/** What Better Auth notes of a flow that a tab starts. */
import type { BetterAuthOptions } from "better-auth";
import { tabPageOf } from "../shared/tab-request.js";
import { isBase } from "./addresses.js";

/**
 * Where a flow names no page to end at, Better Auth (1.7, `generateState` and `oauth-popup`) notes its base URL, which on
 * one origin is the app's. Here it is nobody's page, and would not tell which frontend has the flow's state: the tab's own
 * is noted instead.
 */
export const startsAtHome: NonNullable<BetterAuthOptions["databaseHooks"]> = {
  verification: {
    create: {
      before: async (row, endpoint) => {
        const page = tabPageOf(endpoint?.request);
        if (!endpoint || !page) return;
        const start = startIn(row.value);
        if (!isBase(start?.["callbackURL"], endpoint.context)) return;
        return {
          data: { ...row, value: JSON.stringify({ ...start, callbackURL: page.href }) },
        };
      },
    },
  },
};

/** Not every row is one of a flow, nor has JSON for a value. */
function startIn(value: string): Record<string, unknown> | null {
  if (!value.startsWith("{")) return null;
  try {
    return JSON.parse(value) as Record<string, unknown>;
  } catch {
    return null;
  }
}
