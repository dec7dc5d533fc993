import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const password = "correct horse battery";

export const username: MatrixPlugin = definePlugin({
  name: "username",
  package: "better-auth",
  lines: `import { username } from "better-auth/plugins";

plugins: [convex({ authConfig }), username()]`,
  cases: [
    {
      name: "signs up with a username, signs in with it in any case, changes it",
      path: "happy",
      async run(t) {
        const name = t.unique("ada");
        const browser = t.browser();
        const account = { email: `${name}@example.com`, password, name: "Ada" };
        const signUp = await browser.post("/sign-up/email", { ...account, username: `A${name}` });
        expect(signUp.status).toBe(200);
        expect(signUp.body.user).toMatchObject({
          username: `a${name}`,
          displayUsername: `A${name}`,
        });
        const free = await browser.post("/is-username-available", { username: `a${name}` });
        expect(free.body).toEqual({ available: false });
        const other = t.browser();
        const signIn = await other.post("/sign-in/username", {
          username: `A${name}`.toUpperCase(),
          password,
        });
        expect(signIn.status).toBe(200);
        expect(await t.me(other)).toMatchObject({ username: `a${name}` });
        const changed = await other.post("/update-user", { username: `b${name}` });
        expect(changed.status).toBe(200);
        expect(await t.me(browser)).toMatchObject({ username: `b${name}` });
      },
    },
    {
      name: "refuses a taken username and a wrong password",
      path: "failure",
      async run(t) {
        const name = t.unique("bob");
        const account = { email: `${name}@example.com`, password, name: "Bob", username: name };
        expect((await t.browser().post("/sign-up/email", account)).status).toBe(200);
        const again = await t.browser().post("/sign-up/email", {
          ...account,
          email: `other-${name}@example.com`,
          username: name.toUpperCase(),
        });
        expect(again.body.code).toBe("USERNAME_IS_ALREADY_TAKEN");
        const wrong = await t.browser().post("/sign-in/username", {
          username: name,
          password: "something else",
        });
        expect(wrong.status).toBe(401);
        expect(wrong.body.code).toBe("INVALID_USERNAME_OR_PASSWORD");
      },
    },
  ],
});
