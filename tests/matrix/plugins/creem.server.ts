import { creem } from "@creem_io/better-auth";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  creem: {
    plugins: () => [
      asPlugin(
        creem({
          apiKey: "creem_test_matrix",
          webhookSecret: "the webhook's secret",
          testMode: true,
          persistSubscriptions: true,
        }),
      ),
    ],
  },
};
