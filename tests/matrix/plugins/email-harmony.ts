import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const password = "correct horse battery";

export const emailHarmony: MatrixPlugin = definePlugin({
  name: "email-harmony",
  package: "better-auth-harmony",
  lines: `import { emailHarmony } from "better-auth-harmony";

plugins: [convex({ authConfig }), emailHarmony({ allowNormalizedSignin: true })]`,
  notes:
    "A plugin of others, unmodified. It brings the unique field `normalizedEmail` of the user. Its list of 55,000 domains is bundled and makes `http.js` larger.",
  cases: [
    {
      name: "signs in by another spelling of the address",
      path: "happy",
      warm: true,
      async run(t) {
        const name = t.unique("harmony");
        const email = `${name}+news@gmail.com`;
        const signUp = await t.browser().post("/sign-up/email", { email, password, name });
        expect(signUp.status).toBe(200);
        expect(signUp.text).not.toContain("normalizedEmail");
        const browser = t.browser();
        const signIn = await browser.post("/sign-in/email", {
          email: `${name}@gmail.com`,
          password,
        });
        expect(signIn.status).toBe(200);
        expect(await t.me(browser)).toMatchObject({ email });
      },
    },
    {
      name: "the same address in another spelling, and a throw-away one",
      path: "failure",
      warm: true,
      async run(t) {
        const name = t.unique("harmony");
        const account = { password, name };
        const first = { ...account, email: `${name}@gmail.com` };
        expect((await t.browser().post("/sign-up/email", first)).status).toBe(200);
        const second = { ...account, email: `${name}+2@gmail.com` };
        expect((await t.browser().post("/sign-up/email", second)).status).toBe(422);
        const thrown = { ...account, email: `${name}@mailinator.com` };
        expect((await t.browser().post("/sign-up/email", thrown)).status).toBe(400);
      },
    },
  ],
});
