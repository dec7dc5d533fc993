import { deliver } from "../support/server-set.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  accounts: {
    options: (env) => ({
      emailAndPassword: {
        enabled: true,
        sendResetPassword: ({ user, url }) => deliver(env, user.email, { url }),
      },
      emailVerification: {
        sendVerificationEmail: ({ user, url }) => deliver(env, user.email, { url }),
      },
      user: {
        changeEmail: { enabled: true },
        deleteUser: {
          enabled: true,
          sendDeleteAccountVerification: ({ user, url }) => deliver(env, user.email, { url }),
        },
      },
    }),
  },
};
