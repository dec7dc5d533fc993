import { twoFactor } from "better-auth/plugins";
import { deliver } from "../support/server-set.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "two-factor": { plugins: () => [twoFactor()] },
  "two-factor:otp": {
    plugins: (env) => [
      twoFactor({
        twoFactorTable: "secondFactor",
        otpOptions: { sendOTP: ({ user, otp }) => deliver(env, user.email, { otp }) },
      }),
    ],
  },
};
