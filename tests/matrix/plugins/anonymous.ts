import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const anonymous: MatrixPlugin = definePlugin({
  name: "anonymous",
  package: "better-auth",
  lines: `import { anonymous } from "better-auth/plugins";

plugins: [convex({ authConfig }), anonymous({ onLinkAccount: ({ anonymousUser, newUser }) => moveCart() })]`,
  notes:
    "An anonymous user has a Convex identity like everybody. Linking makes another user: the app's rows that name the old `subject` are moved in `onLinkAccount`, best in one mutation by `ctx.runMutation`.",
  cases: [
    {
      name: "signs in as nobody in particular and deletes that user",
      path: "happy",
      async run(t) {
        const browser = t.browser();
        const signIn = await browser.post("/sign-in/anonymous");
        expect(signIn.status).toBe(200);
        expect(await t.me(browser)).toMatchObject({ isAnonymous: true, id: signIn.body.user.id });
        expect((await browser.post("/delete-anonymous-user")).status).toBe(200);
        expect(await t.me(browser)).toBeNull();
      },
    },
    {
      name: "signs up while anonymous: the app is told, the anonymous user is gone",
      path: "happy",
      sets: ["anonymous:linking"],
      async run(t) {
        const browser = t.browser();
        const before = (await browser.post("/sign-in/anonymous")).body.user;
        const email = `${t.unique("linked")}@example.com`;
        const account = { email, password: "correct horse battery", name: "Ada" };
        const after = await browser.post("/sign-up/email", account);
        expect(after.body.user.id).not.toBe(before.id);
        expect(t.mailbox.take(email)).toEqual({ cart: before.id });
        expect(await t.me(browser)).toMatchObject({ email, isAnonymous: false });
        expect(await t.action("tables:find", { model: "user", id: before.id })).toBeNull();
        expect((await browser.post("/delete-anonymous-user")).body.code).toBe(
          "USER_IS_NOT_ANONYMOUS",
        );
      },
    },
    {
      name: "an anonymous user signs in anonymously again",
      path: "failure",
      async run(t) {
        const browser = t.browser();
        expect((await browser.post("/sign-in/anonymous")).status).toBe(200);
        const again = await browser.post("/sign-in/anonymous");
        expect(again.body.code).toBe("ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY");
      },
    },
  ],
});
