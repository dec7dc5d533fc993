import { magicLink } from "better-auth/plugins";
import { deliver } from "../support/server-set.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "magic-link": {
    plugins: (env) => [
      magicLink({ sendMagicLink: ({ email, url }) => deliver(env, email, { url }) }),
    ],
  },
  "magic-link:hashed": {
    plugins: (env) => [
      magicLink({
        sendMagicLink: ({ email, url }) => deliver(env, email, { url }),
        storeToken: "hashed",
        disableSignUp: true,
      }),
    ],
  },
};
