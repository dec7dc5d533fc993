import { expect } from "vitest";
import { refusalOf } from "../support/browser.js";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

/** The link of the newest mail to an address. */
const linkTo = (t: Tools, email: string): string => t.mailbox.take(email)["url"] ?? "";

export const accounts: MatrixPlugin = definePlugin({
  name: "accounts",
  package: "better-auth",
  lines: `emailAndPassword: { enabled: true, sendResetPassword: ({ user, url }) => sendMail(user.email, url) },
emailVerification: { sendVerificationEmail: ({ user, url }) => sendMail(user.email, url) },
user: {
  changeEmail: { enabled: true },
  deleteUser: {
    enabled: true,
    sendDeleteAccountVerification: ({ user, url }) => sendMail(user.email, url),
  },
},`,
  notes: "What Better Auth does without plugins, by the links of its mails.",
  cases: [
    {
      name: "verifies and changes an address, resets a password, deletes the user",
      path: "happy",
      async run(t) {
        const person = await t.person("mail");
        await person.post("/send-verification-email", {
          email: person.email,
          callbackURL: "/verified",
        });
        const verified = await person.visit(linkTo(t, person.email));
        expect(verified.location?.href).toBe(`${t.site}/verified`);
        expect(await t.me(person)).toMatchObject({ emailVerified: true });

        const email = `${t.unique("changed")}@example.com`;
        await person.post("/change-email", { newEmail: email, callbackURL: "/changed" });
        const changed = await person.visit(linkTo(t, email));
        expect(changed.location?.href).toBe(`${t.site}/changed`);
        expect(await t.me(person)).toMatchObject({ email });

        await person.post("/request-password-reset", { email, redirectTo: "/reset" });
        // Such a link is mostly opened where nobody is signed in.
        const reader = t.browser();
        const { location } = await reader.visit(linkTo(t, email), {
          label: "GET /reset-password/:token",
        });
        expect(location?.href).toContain(`${t.site}/reset?token=`);
        const token = location?.searchParams.get("token");
        const newPassword = "a new password 1";
        expect((await reader.post("/reset-password", { token, newPassword })).status).toBe(200);
        const signIn = await reader.post("/sign-in/email", { email, password: newPassword });
        expect(signIn.status).toBe(200);

        expect((await reader.post("/delete-user", { callbackURL: "/bye" })).status).toBe(200);
        const deleted = await reader.visit(linkTo(t, email));
        expect(deleted.location?.href).toBe(`${t.site}/bye`);
        expect(await t.me(reader)).toBeNull();
        expect(await t.action("tables:find", { model: "user", id: person.id })).toBeNull();
      },
    },
    {
      name: "a session that is not remembered ends with the browser",
      path: "happy",
      async run(t) {
        const { email, password } = await t.person("brief");
        const remembered = t.browser();
        await remembered.post("/sign-in/email", { email, password });
        expect(await t.me(remembered.restart())).toMatchObject({ email });
        const browser = t.browser();
        await browser.post("/sign-in/email", { email, password, rememberMe: false });
        expect(await t.me(browser)).toMatchObject({ email });
        expect(await t.me(browser.restart())).toBeNull();
      },
    },
    {
      name: "links that were used, made up, or opened by somebody else",
      path: "failure",
      async run(t) {
        const person = await t.person("mail");
        const { email } = person;
        await person.post("/request-password-reset", { email, redirectTo: "/reset" });
        const url = new URL(linkTo(t, email));
        const token = url.pathname.split("/").at(-1);
        const newPassword = "a new password 1";
        expect((await person.post("/reset-password", { token, newPassword })).status).toBe(200);
        const label = "GET /reset-password/:token";
        const used = await person.visit(url, { label });
        expect(used.location?.href).toBe(`${t.site}/reset?error=INVALID_TOKEN`);

        const made = await person.visit(
          `${t.host.siteUrl}/api/auth/verify-email?token=abc&callbackURL=%2Fverified`,
        );
        expect(made.location?.href).toBe(`${t.site}/verified?error=INVALID_TOKEN`);

        await person.post("/delete-user", { callbackURL: "/bye" });
        const stranger = await t.browser().visit(linkTo(t, email));
        expect(refusalOf(stranger)).toBeDefined();
        expect(await t.action("tables:find", { model: "user", id: person.id })).not.toBeNull();
      },
    },
  ],
});
