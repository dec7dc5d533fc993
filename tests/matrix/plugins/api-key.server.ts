import { apiKey } from "@better-auth/api-key";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "api-key": { plugins: () => [apiKey()] },
  "api-key:session": {
    plugins: () => [
      apiKey({
        enableSessionForAPIKeys: true,
        rateLimit: { enabled: true, maxRequests: 3, timeWindow: 600_000 },
      }),
    ],
  },
};
