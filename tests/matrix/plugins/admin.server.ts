import { admin } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = { admin: { plugins: () => [admin()] } };
