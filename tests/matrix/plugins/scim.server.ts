import { scim } from "@better-auth/scim";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  scim: {
    plugins: (env) => [
      asPlugin(
        scim({
          connections: [
            {
              id: "acme",
              credentials: [{ type: "bearer", id: "first", token: env("SCIM_TOKEN") }],
            },
          ],
        }),
      ),
    ],
  },
};
