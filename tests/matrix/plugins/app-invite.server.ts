import { appInvite } from "@better-auth-kit/app-invite";
import { asPlugin } from "../support/as-plugin.js";
import { deliver } from "../support/server-set.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "app-invite": {
    plugins: (env) => [
      asPlugin(
        appInvite({
          autoSignIn: true,
          sendInvitationEmail: ({ id, email }) => deliver(env, email, { id }),
        }),
      ),
    ],
  },
};
