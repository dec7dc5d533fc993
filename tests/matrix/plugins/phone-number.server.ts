import { phoneNumber } from "better-auth/plugins";
import { deliver } from "../support/server-set.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "phone-number": {
    plugins: (env) => [
      phoneNumber({
        sendOTP: ({ phoneNumber: number, code }) => deliver(env, number, { code }),
        sendPasswordResetOTP: ({ phoneNumber: number, code }) => deliver(env, number, { code }),
        signUpOnVerification: {
          getTempEmail: (number) => `${number.replace(/\D/g, "")}@phone.example.com`,
        },
      }),
    ],
  },
};
