import { anonymous } from "better-auth/plugins";
import { deliver } from "../support/server-set.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  anonymous: { plugins: () => [anonymous()] },
  "anonymous:linking": {
    plugins: (env) => [
      anonymous({
        onLinkAccount: ({ anonymousUser, newUser }) =>
          deliver(env, newUser.user.email, { cart: anonymousUser.user.id }),
      }),
    ],
  },
};
