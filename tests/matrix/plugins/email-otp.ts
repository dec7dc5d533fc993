import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const emailOtp: MatrixPlugin = definePlugin({
  name: "email-otp",
  package: "better-auth",
  lines: `import { emailOTP } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  emailOTP({ sendVerificationOTP: ({ email, otp, type }) => sendMail(email, otp, type) }),
]`,
  notes:
    "Better Auth runs in an HTTP action, so `sendVerificationOTP` may call `fetch`, or `ctx.runAction` of the `ctx` that `createAuth` is given.",
  cases: [
    {
      name: "signs up and in with codes, verifies an address, resets a password",
      path: "happy",
      async run(t) {
        const email = `${t.unique("otp")}@example.com`;
        const browser = t.browser();
        const code = async (type: string): Promise<string> => {
          const sent = await browser.post("/email-otp/send-verification-otp", { email, type });
          expect(sent.status).toBe(200);
          return t.mailbox.take(email)["otp"] ?? "";
        };
        const signUp = await browser.post("/sign-in/email-otp", {
          email,
          otp: await code("sign-in"),
        });
        expect(signUp.body.user).toMatchObject({ email, emailVerified: true });
        expect(await t.me(browser)).toMatchObject({ email });
        const signIn = await browser.post("/sign-in/email-otp", {
          email,
          otp: await code("sign-in"),
        });
        expect(signIn.body.user.id).toBe(signUp.body.user.id);
        const otp = await code("email-verification");
        const check = { email, otp, type: "email-verification" };
        expect((await browser.post("/email-otp/check-verification-otp", check)).status).toBe(200);
        expect((await browser.post("/email-otp/verify-email", { email, otp })).status).toBe(200);
        await browser.post("/email-otp/request-password-reset", { email });
        const password = "a new password 1";
        const reset = await browser.post("/email-otp/reset-password", {
          email,
          otp: t.mailbox.take(email)["otp"],
          password,
        });
        expect(reset.status).toBe(200);
        expect((await t.browser().post("/sign-in/email", { email, password })).status).toBe(200);
      },
    },
    {
      name: "a wrong code, a used code and too many attempts",
      path: "failure",
      async run(t) {
        const email = `${t.unique("otp")}@example.com`;
        const browser = t.browser();
        const signIn = (otp: string) => browser.post("/sign-in/email-otp", { email, otp });
        const send = async (): Promise<string> => {
          await browser.post("/email-otp/send-verification-otp", { email, type: "sign-in" });
          return t.mailbox.take(email)["otp"] ?? "";
        };
        const otp = await send();
        const wrong = otp === "000000" ? "111111" : "000000";
        expect((await signIn(wrong)).body.code).toBe("INVALID_OTP");
        expect((await signIn(otp)).status).toBe(200);
        expect((await signIn(otp)).body.code).toBe("INVALID_OTP");
        const next = await send();
        const another = next === "000000" ? "111111" : "000000";
        for (let attempt = 0; attempt < 3; attempt += 1) await signIn(another);
        expect((await signIn(next)).body.code).toBe("TOO_MANY_ATTEMPTS");
      },
    },
  ],
});
