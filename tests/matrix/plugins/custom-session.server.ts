import { customSession } from "better-auth/plugins";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  "custom-session": {
    plugins: () => [
      customSession(async ({ user, session }) => {
        if (user.name === "Broken") throw new Error("the app's callback failed");
        return { session, user: { ...user, initial: user.name.slice(0, 1) }, plan: "free" };
      }),
    ],
  },
};
