import { lastLoginMethod } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "last-login-method": { plugins: () => [lastLoginMethod()] },
  "last-login-method:stored": { plugins: () => [lastLoginMethod({ storeInDatabase: true })] },
};
