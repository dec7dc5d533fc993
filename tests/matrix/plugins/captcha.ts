import { expect } from "vitest";
import type { MatrixPlugin, Party } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";
import { serveJson } from "../support/serve.js";

/** A fake: stands for Cloudflare's Turnstile, which believes in the answer "human". */
async function openTurnstile(): Promise<Party> {
  const { url, close } = await serveJson(async (request) => {
    const { secret, response } = (await request.json()) as { secret: string; response: string };
    const success = secret === "the site's secret" && response === "human";
    return Response.json({ success, "error-codes": success ? [] : ["invalid-input-response"] });
  });
  return { close, standsFor: { "https://challenges.cloudflare.com": url } };
}

export const captcha: MatrixPlugin = definePlugin({
  name: "captcha",
  package: "better-auth",
  lines: `import { captcha } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  captcha({ provider: "cloudflare-turnstile", secretKey: process.env.TURNSTILE_SECRET! }),
]`,
  notes: "Tested against a fake of Turnstile.",
  party: openTurnstile,
  cases: [
    {
      name: "a solved challenge lets a sign-up and a sign-in through",
      path: "happy",
      async run(t) {
        const headers = { "x-captcha-response": "human" };
        const account = {
          email: `${t.unique("human")}@example.com`,
          password: "correct horse battery",
          name: "Ada",
        };
        expect((await t.browser().post("/sign-up/email", account, { headers })).status).toBe(200);
        const browser = t.browser();
        expect((await browser.post("/sign-in/email", account, { headers })).status).toBe(200);
        expect(await t.me(browser)).toMatchObject({ email: account.email });
      },
    },
    {
      name: "no answer and a wrong answer, before the database is asked",
      path: "failure",
      async run(t) {
        const account = { email: "robot@example.com", password: "correct horse battery" };
        const none = await t.browser().post("/sign-in/email", account);
        expect(none.body.code).toBe("MISSING_RESPONSE");
        const headers = { "x-captcha-response": "robot" };
        const wrong = await t.browser().post("/sign-in/email", account, { headers });
        expect(wrong.body.code).toBe("VERIFICATION_FAILED");
        expect(wrong.status).toBe(403);
      },
    },
    {
      name: "an endpoint of the app's choice",
      path: "failure",
      sets: ["captcha:elsewhere"],
      async run(t) {
        const person = await t.person("chosen");
        expect((await person.post("/update-user", { name: "Robot" })).body.code).toBe(
          "MISSING_RESPONSE",
        );
      },
    },
  ],
});
