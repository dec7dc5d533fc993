import { generate } from "otplib";
import { expect } from "vitest";
import type { MatrixPlugin, Person } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

/** Turns TOTP on, as a person with an authenticator app does. */
async function enable(person: Person): Promise<{ secret: string; backupCodes: string[] }> {
  const { body } = await person.post("/two-factor/enable", { password: person.password });
  const secret = new URL(body.totpURI).searchParams.get("secret") ?? "";
  const verified = await person.post("/two-factor/verify-totp", {
    code: await generate({ secret }),
  });
  expect(verified.status).toBe(200);
  return { secret, backupCodes: body.backupCodes };
}

export const twoFactor: MatrixPlugin = definePlugin({
  name: "two-factor",
  package: "better-auth",
  lines: `import { twoFactor } from "better-auth/plugins";

plugins: [convex({ authConfig }), twoFactor()]`,
  notes:
    "No JWT is handed out between the password and the second factor: the session cookie is not there yet.",
  cases: [
    {
      name: "TOTP and a backup code as the second factor",
      path: "happy",
      async run(t) {
        const person = await t.person("careful");
        const { secret, backupCodes } = await enable(person);
        expect(await t.me(person)).toMatchObject({ twoFactorEnabled: true });
        const { email, password } = person;
        const browser = t.browser();
        const first = await browser.post("/sign-in/email", { email, password });
        expect(first.body).toMatchObject({ twoFactorRedirect: true });
        expect(await t.me(browser)).toBeNull();
        expect([...browser.cookies.keys()].some((name) => name.includes("convex_jwt"))).toBe(false);
        const code = await generate({ secret });
        expect((await browser.post("/two-factor/verify-totp", { code })).status).toBe(200);
        expect(await t.me(browser)).toMatchObject({ email });
        const other = t.browser();
        await other.post("/sign-in/email", { email, password });
        const backup = { code: backupCodes[0] };
        expect((await other.post("/two-factor/verify-backup-code", backup)).status).toBe(200);
        expect(await t.me(other)).toMatchObject({ email });
        const again = t.browser();
        await again.post("/sign-in/email", { email, password });
        expect((await again.post("/two-factor/verify-backup-code", backup)).body.code).toBe(
          "INVALID_BACKUP_CODE",
        );
        const off = await person.post("/two-factor/disable", { password });
        expect(off.status).toBe(200);
      },
    },
    {
      name: "a device that is trusted is not asked again, another one is",
      path: "happy",
      async run(t) {
        const person = await t.person("careful");
        const { secret } = await enable(person);
        const { email, password } = person;
        const browser = t.browser();
        await browser.post("/sign-in/email", { email, password });
        const code = await generate({ secret });
        const trusted = await browser.post("/two-factor/verify-totp", { code, trustDevice: true });
        expect(trusted.status).toBe(200);
        expect((await browser.post("/sign-out")).status).toBe(200);
        const later = browser.restart();
        const again = await later.post("/sign-in/email", { email, password });
        expect(again.body.twoFactorRedirect).toBeUndefined();
        expect(await t.me(later)).toMatchObject({ email });
        const elsewhere = await t.browser().post("/sign-in/email", { email, password });
        expect(elsewhere.body.twoFactorRedirect).toBe(true);
      },
    },
    {
      name: "a code by mail, in a table of another name",
      path: "happy",
      sets: ["two-factor:otp"],
      warm: true,
      async run(t) {
        const person = await t.person("careful");
        await enable(person);
        const { email, password } = person;
        const browser = t.browser();
        await browser.post("/sign-in/email", { email, password });
        expect((await browser.post("/two-factor/send-otp")).status).toBe(200);
        const { otp: code } = t.mailbox.take(email);
        expect((await browser.post("/two-factor/verify-otp", { code })).status).toBe(200);
        expect(await t.me(browser)).toMatchObject({ email, twoFactorEnabled: true });
      },
    },
    {
      name: "a wrong code, a wrong password, no sign-in before",
      path: "failure",
      async run(t) {
        const person = await t.person("careful");
        const wrong = await person.post("/two-factor/enable", { password: "not the password" });
        expect(wrong.body.code).toBe("INVALID_PASSWORD");
        const { secret } = await enable(person);
        const { email, password } = person;
        const browser = t.browser();
        await browser.post("/sign-in/email", { email, password });
        const code = (await generate({ secret })) === "000000" ? "111111" : "000000";
        expect((await browser.post("/two-factor/verify-totp", { code })).body.code).toBe(
          "INVALID_CODE",
        );
        expect(await t.me(browser)).toBeNull();
        expect((await t.browser().post("/two-factor/verify-totp", { code })).status).toBe(401);
      },
    },
  ],
});
