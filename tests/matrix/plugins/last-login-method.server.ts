import { lastLoginMethod } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";
import { sets as social } from "./generic-oauth.server.js";

const oauth = social["generic-oauth"];

export const sets: ServerSets = {
  "last-login-method": { plugins: () => [lastLoginMethod()] },
  "last-login-method:stored": { plugins: () => [lastLoginMethod({ storeInDatabase: true })] },
  "last-login-method:social": {
    ...oauth,
    plugins: (env) => [...(oauth?.plugins?.(env) ?? []), lastLoginMethod()],
  },
};
