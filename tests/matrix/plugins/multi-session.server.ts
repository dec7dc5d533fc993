import { multiSession } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = { "multi-session": { plugins: () => [multiSession()] } };
