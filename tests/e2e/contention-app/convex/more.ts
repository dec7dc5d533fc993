/** API keys, and a stand-in for Google. Staged or not, the app is as deep in the folder of the tests. */
import { apiKey } from "@better-auth/api-key";
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { vouchingGoogle } from "../../../support/vouching-google.js";

export const more = {
  ...vouchingGoogle(),
  plugins: [apiKey({ rateLimit: { enabled: false } }) as unknown as BetterAuthPlugin],
} satisfies BetterAuthOptions;
