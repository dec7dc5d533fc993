import { openAPI } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "open-api": { plugins: () => [openAPI()] },
  "open-api:quiet": { plugins: () => [openAPI({ disableDefaultReference: true })] },
};
