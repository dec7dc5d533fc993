import { telegram } from "better-auth-telegram";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  telegram: {
    plugins: () => [
      asPlugin(
        telegram({
          botToken: "123456:the-bot-of-the-matrix",
          botUsername: "matrix_bot",
          mapTelegramDataToUser: ({ id, first_name }) => ({
            name: first_name,
            email: `${String(id)}@telegram.example.com`,
          }),
        }),
      ),
    ],
  },
};
