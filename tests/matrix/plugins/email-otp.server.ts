import { emailOTP } from "better-auth/plugins";
import { deliver } from "../support/server-set.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "email-otp": {
    plugins: (env) => [
      emailOTP({
        sendVerificationOTP: ({ email, otp, type }) => deliver(env, email, { otp, type }),
      }),
    ],
  },
};
