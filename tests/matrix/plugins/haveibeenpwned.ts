import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { MatrixPlugin, Party } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";
import { serveJson } from "../support/serve.js";

const PWNED = "password1234";

/** A fake: stands for Have I Been Pwned, which knows one password by its hash. */
async function openHaveIBeenPwned(): Promise<Party> {
  const hash = createHash("sha1").update(PWNED).digest("hex").toUpperCase();
  const { url, close } = await serveJson((request) => {
    const prefix = new URL(request.url).pathname.split("/").at(-1);
    const lines = ["0018A45C4D1DEF81644B54AB7F969B88D65:3"];
    if (hash.startsWith(prefix ?? "-")) lines.push(`${hash.slice(5)}:24000`);
    return new Response(lines.join("\r\n"), { headers: { "content-type": "text/plain" } });
  });
  return { close, standsFor: { "https://api.pwnedpasswords.com": url } };
}

export const haveibeenpwned: MatrixPlugin = definePlugin({
  name: "haveibeenpwned",
  package: "better-auth",
  lines: `import { haveIBeenPwned } from "better-auth/plugins";

plugins: [convex({ authConfig }), haveIBeenPwned()]`,
  notes:
    "Tested against a fake of the service. Only the first five characters of the hash leave the deployment.",
  party: openHaveIBeenPwned,
  cases: [
    {
      name: "a password that nobody has seen",
      path: "happy",
      async run(t) {
        const email = `${t.unique("safe")}@example.com`;
        const browser = t.browser();
        const account = { email, password: "correct horse battery", name: "Ada" };
        expect((await browser.post("/sign-up/email", account)).status).toBe(200);
        const changed = await browser.post("/change-password", {
          currentPassword: account.password,
          newPassword: "battery staple horse",
        });
        expect(changed.status).toBe(200);
      },
    },
    {
      name: "a compromised password, at sign-up and at a change",
      path: "failure",
      async run(t) {
        const email = `${t.unique("unsafe")}@example.com`;
        const signUp = await t.browser().post("/sign-up/email", {
          email,
          password: PWNED,
          name: "Ada",
        });
        expect(signUp.body.code).toBe("PASSWORD_COMPROMISED");
        const person = await t.person("unsafe");
        const changed = await person.post("/change-password", {
          currentPassword: person.password,
          newPassword: PWNED,
        });
        expect(changed.body.code).toBe("PASSWORD_COMPROMISED");
      },
    },
  ],
});
