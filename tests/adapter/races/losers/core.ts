/** The unique fields of the core, and of the plugins that add to its tables: e-mail addresses, names, numbers, accounts. */
import { emailHarmony } from "better-auth-harmony";
import { admin } from "better-auth/plugins/admin";
import { phoneNumber } from "better-auth/plugins/phone-number";
import { username } from "better-auth/plugins/username";
import { vouchingGoogle } from "../../../support/vouching-google.js";
import type { Browser } from "../../../plugins/support/app.js";
import { PASSWORD } from "../../../plugins/support/app.js";
import type { Case } from "./case.js";
import { signUp } from "./case.js";

const accounts = vouchingGoogle(() => "0@example.com");

const withGoogle = (browser: Browser, path: string): Promise<Response> =>
  browser.request(path, { body: { provider: "google", idToken: { token: "ada" } } });

export const coreCases: Case[] = [
  {
    field: "user.email",
    by: "sign-up",
    answer: [422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"],
    alone: [422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"],
    prepare: (_app, browser) => Promise.resolve(() => signUp(browser, 0)),
  },
  {
    field: "user.email",
    by: "admin/create-user",
    plugins: () => [admin()],
    answer: [400, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"],
    alone: [500],
    async prepare(app, browser, number) {
      await signUp(browser, number);
      await app.harness.store().run("updateMany", {
        model: "user",
        where: [],
        update: { role: "admin" },
      });
      const body = { email: "new@example.com", password: PASSWORD, name: "A" };
      return () => browser.request("/admin/create-user", { body });
    },
  },
  {
    field: "user.email",
    by: "change-email",
    options: { user: { changeEmail: { enabled: true, updateEmailWithoutVerification: true } } },
    answer: [200],
    alone: [500],
    async prepare(_app, browser, number) {
      await signUp(browser, number);
      return () => browser.request("/change-email", { body: { newEmail: "new@example.com" } });
    },
  },
  {
    field: "user.username",
    by: "sign-up",
    plugins: () => [username()],
    answer: [400, "USERNAME_IS_ALREADY_TAKEN"],
    alone: [422, "FAILED_TO_CREATE_USER"],
    prepare: (_app, browser, number) =>
      Promise.resolve(() => signUp(browser, number, { username: "ada_l" })),
  },
  {
    field: "user.username",
    by: "update-user",
    plugins: () => [username()],
    answer: [400, "USERNAME_IS_ALREADY_TAKEN"],
    alone: [500],
    async prepare(_app, browser, number) {
      await signUp(browser, number);
      return () => browser.request("/update-user", { body: { username: "ada_l" } });
    },
  },
  {
    field: "user.phoneNumber",
    by: "phone-number/verify",
    plugins: (mails) => [
      phoneNumber({
        sendOTP: ({ phoneNumber: to, code }) => void mails.push({ to, carries: code }),
      }),
    ],
    // The winner has spent the code, so a number is never asked for by two that know one.
    answer: [400, "OTP_NOT_FOUND"],
    loser: [400, "INVALID_OTP"],
    alone: [400, "INVALID_OTP"],
    async prepare(app, browser, number) {
      await signUp(browser, number);
      const phone = "+15550100";
      await browser.request("/phone-number/send-otp", { body: { phoneNumber: phone } });
      return () => {
        const code = app.mails.at(-1)?.carries;
        const body = { phoneNumber: phone, code, updatePhoneNumber: true };
        return browser.request("/phone-number/verify", { body });
      };
    },
  },
  {
    field: "user.email",
    by: "sign-in/social, a new user",
    options: accounts,
    answer: [200],
    alone: [401, "OAUTH_LINK_ERROR"],
    prepare: async (_app, browser) => () => withGoogle(browser, "/sign-in/social"),
  },
  {
    field: "account.providerId+accountId",
    by: "sign-in/social, a user who has a password",
    options: accounts,
    answer: [200],
    alone: [401, "OAUTH_LINK_ERROR"],
    async prepare(app, browser, number) {
      if (number === 0) {
        await signUp(browser, number);
        const update = { emailVerified: true };
        await app.harness.store().run("updateMany", { model: "user", where: [], update });
      }
      return () => withGoogle(browser, "/sign-in/social");
    },
  },
  {
    field: "account.providerId+accountId",
    by: "link-social, two users",
    options: accounts,
    answer: [409, "SOCIAL_ACCOUNT_ALREADY_LINKED"],
    alone: [417, "LINKING_FAILED"],
    async prepare(_app, browser, number) {
      await signUp(browser, number);
      return () => withGoogle(browser, "/link-social");
    },
  },
  {
    field: "user.normalizedEmail",
    by: "sign-up with better-auth-harmony",
    plugins: () => [emailHarmony()],
    // The plugin looks for nobody: the constraint is its only answer.
    answer: [422, "FAILED_TO_CREATE_USER"],
    alone: [422, "FAILED_TO_CREATE_USER"],
    prepare: async (_app, browser, number) => () =>
      signUp(browser, number, { email: number === 0 ? "ada.l@gmail.com" : "adal@gmail.com" }),
  },
];
