import { i18n } from "@better-auth/i18n";
import { asPlugin } from "../support/as-plugin.js";
import type { ServerSets } from "../support/server-set.js";

export const sets: ServerSets = {
  i18n: {
    plugins: () => [
      asPlugin(
        i18n({
          translations: {
            en: { INVALID_EMAIL_OR_PASSWORD: "Wrong e-mail or password" },
            de: { INVALID_EMAIL_OR_PASSWORD: "E-Mail oder Passwort falsch" },
          },
        }),
      ),
    ],
  },
};
