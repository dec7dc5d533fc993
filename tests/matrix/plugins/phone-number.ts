import { expect } from "vitest";
import type { MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

/** A number that nobody else has. */
function numberOf(t: Tools): string {
  return `+49151${t.unique("").replace("x", "").padStart(8, "0")}`;
}

export const phoneNumber: MatrixPlugin = definePlugin({
  name: "phone-number",
  package: "better-auth",
  lines: `import { phoneNumber } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  phoneNumber({ sendOTP: ({ phoneNumber, code }) => sendSms(phoneNumber, code) }),
]`,
  notes: "`phoneNumber` is unique in the component, also for two verifications at the same moment.",
  cases: [
    {
      name: "signs up by a code, adds a number to an account, signs in and resets by it",
      path: "happy",
      async run(t) {
        const number = numberOf(t);
        const browser = t.browser();
        const verify = async (phoneNumber: string, more: object = {}, as = browser) => {
          expect((await as.post("/phone-number/send-otp", { phoneNumber })).status).toBe(200);
          const { code } = t.mailbox.take(phoneNumber);
          return as.post("/phone-number/verify", { phoneNumber, code, ...more });
        };
        expect((await verify(number)).body.user).toMatchObject({ phoneNumber: number });
        expect(await t.me(browser)).toMatchObject({
          phoneNumber: number,
          phoneNumberVerified: true,
        });
        const person = await t.person("phone");
        const other = numberOf(t);
        expect((await verify(other, { updatePhoneNumber: true }, person)).status).toBe(200);
        const signIn = await t.browser().post("/sign-in/phone-number", {
          phoneNumber: other,
          password: person.password,
        });
        expect(signIn.body.user.id).toBe(person.id);
        await t.browser().post("/phone-number/request-password-reset", { phoneNumber: other });
        const reset = await t.browser().post("/phone-number/reset-password", {
          phoneNumber: other,
          otp: t.mailbox.take(other)["code"],
          newPassword: "a new password 1",
        });
        expect(reset.status).toBe(200);
      },
    },
    {
      name: "a wrong code, too many of them, and a number that is taken",
      path: "failure",
      async run(t) {
        const number = numberOf(t);
        const browser = t.browser();
        await browser.post("/phone-number/send-otp", { phoneNumber: number });
        const { code } = t.mailbox.take(number);
        const wrong = code === "000000" ? "111111" : "000000";
        const verify = (guess: string) =>
          browser.post("/phone-number/verify", { phoneNumber: number, code: guess });
        for (let guess = 0; guess < 3; guess += 1)
          expect((await verify(wrong)).body.code).toBe("INVALID_OTP");
        expect((await verify(code ?? "")).status).toBe(403);
        await browser.post("/phone-number/send-otp", { phoneNumber: number });
        expect((await verify(t.mailbox.take(number)["code"] ?? "")).status).toBe(200);
        const person = await t.person("phone");
        await person.post("/phone-number/send-otp", { phoneNumber: number });
        const taken = await person.post("/phone-number/verify", {
          phoneNumber: number,
          code: t.mailbox.take(number)["code"],
          updatePhoneNumber: true,
        });
        expect(taken.body.code).toBe("PHONE_NUMBER_EXIST");
      },
    },
  ],
});
