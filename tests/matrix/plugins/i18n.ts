import { expect } from "vitest";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const i18n: MatrixPlugin = definePlugin({
  name: "i18n",
  package: "@better-auth/i18n",
  lines: `import { i18n } from "@better-auth/i18n";

plugins: [convex({ authConfig }), i18n({ translations })]`,
  cases: [
    {
      name: "says an error in the language of the request",
      path: "happy",
      async run(t) {
        expect(await wrongPassword(t, "de-CH,en;q=0.5")).toEqual({
          status: 401,
          code: "INVALID_EMAIL_OR_PASSWORD",
          message: "E-Mail oder Passwort falsch",
        });
      },
    },
    {
      name: "falls back to the default language",
      path: "failure",
      async run(t) {
        const { message } = await wrongPassword(t, "fr");
        expect(message).toBe("Wrong e-mail or password");
      },
    },
  ],
});

async function wrongPassword(
  t: Tools,
  language: string,
): Promise<{ status: number; code: string; message: string }> {
  const ada = await t.person();
  const { status, body } = await t
    .browser()
    .post(
      "/sign-in/email",
      { email: ada.email, password: "something else" },
      { headers: { "accept-language": language } },
    );
  return { status, code: body.code, message: body.message };
}
