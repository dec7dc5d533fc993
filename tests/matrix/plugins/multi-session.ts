import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const multiSession: MatrixPlugin = definePlugin({
  name: "multi-session",
  package: "better-auth",
  lines: `import { multiSession } from "better-auth/plugins";

plugins: [convex({ authConfig }), multiSession()]`,
  notes: "The JWT cookie follows the active session, and so does the next `/convex/token`.",
  cases: [
    {
      name: "two accounts in one browser, changed and revoked",
      path: "happy",
      async run(t) {
        const first = await t.person("first");
        const second = await t.person("second");
        const browser = t.browser();
        const signIn = async ({ email, password }: typeof first): Promise<string> =>
          (await browser.post("/sign-in/email", { email, password })).body.token;
        const firstToken = await signIn(first);
        const secondToken = await signIn(second);
        const list = await browser.get("/multi-session/list-device-sessions");
        const emails = list.body.map((each: { user: { email: string } }) => each.user.email);
        expect(emails.sort()).toEqual([first.email, second.email].sort());
        expect(await t.me(browser)).toMatchObject({ email: second.email });
        const active = await browser.post("/multi-session/set-active", {
          sessionToken: firstToken,
        });
        expect(active.body.user.email).toBe(first.email);
        expect(await t.me(browser)).toMatchObject({ email: first.email });
        await browser.post("/multi-session/revoke", { sessionToken: firstToken });
        expect(await t.me(browser)).toMatchObject({ email: second.email });
        await browser.post("/multi-session/revoke", { sessionToken: secondToken });
        expect(await t.me(browser)).toBeNull();
      },
    },
    {
      name: "another browser's session cannot be made active",
      path: "failure",
      async run(t) {
        const first = await t.person("first");
        const { email, password } = await t.person("second");
        const elsewhere = await t.browser().post("/sign-in/email", { email, password });
        const taken = await first.post("/multi-session/set-active", {
          sessionToken: elsewhere.body.token,
        });
        expect(taken.body.code).toBe("INVALID_SESSION_TOKEN");
        expect(taken.status).toBe(401);
      },
    },
  ],
});
