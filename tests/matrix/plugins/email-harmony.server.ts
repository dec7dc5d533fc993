import { emailHarmony } from "better-auth-harmony";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "email-harmony": { plugins: () => [asPlugin(emailHarmony({ allowNormalizedSignin: true }))] },
};
