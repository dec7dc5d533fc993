import { expo } from "@better-auth/expo";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSet, ServerSets } from "../support/server-set.js";
import { sets as oauth } from "./generic-oauth.server.js";

const base: ServerSet = {
  plugins: () => [asPlugin(expo())],
  options: () => ({
    trustedOrigins: ["myapp://"],
    emailVerification: {
      autoSignInAfterVerification: true,
      sendVerificationEmail: () => Promise.resolve(),
    },
  }),
};

export const sets: ServerSets = {
  expo: base,
  "expo:social": {
    ...base,
    plugins: (env) => [base, oauth["generic-oauth"]].flatMap((set) => set?.plugins?.(env) ?? []),
  },
};
