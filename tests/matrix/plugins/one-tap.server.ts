import { oneTap } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "one-tap": { plugins: () => [oneTap({ clientId: "the-matrix.apps.example.com" })] },
};
