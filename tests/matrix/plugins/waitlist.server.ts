import { waitlist } from "better-auth-waitlist";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  waitlist: {
    plugins: () => [
      asPlugin(
        waitlist({
          enabled: true,
          maximumWaitlistParticipants: 10_000,
          allowedDomains: ["@example.com"],
          canManageWaitlist: async (user) => user.name === "Manager",
        }),
      ),
    ],
  },
};
