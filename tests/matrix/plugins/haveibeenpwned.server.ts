import { haveIBeenPwned } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = { haveibeenpwned: { plugins: () => [haveIBeenPwned()] } };
