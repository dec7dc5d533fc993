/** What a test adds to the app: `contention-app` has another file of this name. */
import type { BetterAuthOptions } from "better-auth/minimal";

export const more: BetterAuthOptions & { plugins: [] } = { plugins: [] };
