import { oneTimeToken } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = { "one-time-token": { plugins: () => [oneTimeToken()] } };
