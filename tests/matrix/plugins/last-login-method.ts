import { expect } from "vitest";
import type { OpenIdProvider } from "../support/openid-provider.js";
import { openLoopbackProvider } from "../support/openid-provider.js";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const lastLoginMethod: MatrixPlugin = definePlugin<OpenIdProvider>({
  name: "last-login-method",
  package: "better-auth",
  lines: `import { lastLoginMethod } from "better-auth/plugins";

plugins: [convex({ authConfig }), lastLoginMethod({ storeInDatabase: true })]`,
  party: openLoopbackProvider,
  cases: [
    {
      name: "a cookie says how the browser signed in last",
      path: "happy",
      async run(t) {
        const { email, password } = await t.person("last");
        const browser = t.browser();
        expect((await browser.post("/sign-in/email", { email, password })).status).toBe(200);
        expect(browser.cookies.get("better-auth.last_used_login_method")).toBe("email");
        expect(await t.me(browser)).not.toHaveProperty("lastLoginMethod");
      },
    },
    {
      name: "with storeInDatabase the user says so too",
      path: "happy",
      sets: ["last-login-method:stored"],
      async run(t) {
        const { email, password } = await t.person("last");
        const browser = t.browser();
        expect((await browser.post("/sign-in/email", { email, password })).status).toBe(200);
        expect(await t.me(browser)).toMatchObject({ lastLoginMethod: "email" });
      },
    },
    {
      name: "also after a sign-in at a provider",
      path: "happy",
      sets: ["last-login-method:social"],
      async run(t, provider) {
        const browser = t.browser();
        const social = { provider: "loopback", callbackURL: "/in" };
        const start = await browser.post("/sign-in/social", social);
        const email = `${t.unique("last")}@example.com`;
        await browser.visit(await provider.authorize(new URL(start.body.url), email));
        expect(browser.cookies.get("better-auth.last_used_login_method")).toBe("loopback");
      },
    },
    {
      name: "a sign-in that fails leaves no trace",
      path: "failure",
      async run(t) {
        const { email } = await t.person("last");
        const browser = t.browser();
        const wrong = await browser.post("/sign-in/email", { email, password: "not the password" });
        expect(wrong.status).toBe(401);
        expect(browser.cookies.has("better-auth.last_used_login_method")).toBe(false);
      },
    },
  ],
});
