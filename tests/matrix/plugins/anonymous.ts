import { expect } from "vitest";
import type { Answer, Browser } from "../support/browser.js";
import type { OpenIdProvider } from "../support/openid-provider.js";
import { openLoopbackProvider } from "../support/openid-provider.js";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const anonymous: MatrixPlugin = definePlugin<OpenIdProvider>({
  name: "anonymous",
  package: "better-auth",
  lines: `import { anonymous } from "better-auth/plugins";

plugins: [convex({ authConfig }), anonymous({ onLinkAccount: ({ anonymousUser, newUser }) => moveCart() })]`,
  notes:
    "An anonymous user has a Convex identity like everybody. Linking makes another user: the app's rows that name the old `subject` are moved in `onLinkAccount`, best in one mutation by `ctx.runMutation`.",
  party: openLoopbackProvider,
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
      name: "leaves for a provider, or for the mailbox, and is linked once on the way back",
      path: "happy",
      sets: ["anonymous:leaving"],
      async run(t, provider) {
        const linked = async (leave: (browser: Browser, email: string) => Promise<Answer>) => {
          const browser = t.browser();
          const guest = (await browser.post("/sign-in/anonymous")).body.user;
          const email = `${t.unique("linked")}@example.com`;
          const end = await leave(browser, email);
          expect(end.location?.href).toBe(`${t.site}/in`);
          expect(t.mailbox.count(email)).toBe(1);
          expect(t.mailbox.take(email)).toEqual({ cart: guest.id });
          expect(await t.me(browser)).toMatchObject({ email, isAnonymous: false });
          expect(await t.action("tables:find", { model: "user", id: guest.id })).toBeNull();
        };
        await linked(async (browser, email) => {
          const social = { provider: "loopback", callbackURL: "/in" };
          const start = await browser.post("/sign-in/social", social);
          return browser.visit(await provider.authorize(new URL(start.body.url), email));
        });
        await linked(async (browser, email) => {
          await browser.post("/sign-in/magic-link", { email, callbackURL: "/in" });
          return browser.visit(t.mailbox.take(email)["url"] ?? "");
        });
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
