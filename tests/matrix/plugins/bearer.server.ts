import { bearer } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  bearer: { plugins: () => [bearer()] },
  "bearer:signed": { plugins: () => [bearer({ requireSignature: true })] },
};
