import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const magicLink: MatrixPlugin = definePlugin({
  name: "magic-link",
  package: "better-auth",
  lines: `import { magicLink } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  magicLink({ sendMagicLink: ({ email, url }) => sendMail(email, url) }),
]`,
  notes:
    "The link leads to the deployment's `.convex.site` (or to the app, where it proxies) and from there to `callbackURL`.",
  cases: [
    {
      name: "signs up and in by a link",
      path: "happy",
      async run(t) {
        const email = `${t.unique("magic")}@example.com`;
        const visit = async () => {
          const browser = t.browser();
          const sent = await browser.post("/sign-in/magic-link", { email, callbackURL: "/in" });
          expect(sent.status).toBe(200);
          const end = await browser.visit(t.mailbox.take(email)["url"] ?? "");
          expect(end.location?.href).toBe(`${t.site}/in`);
          return t.me(browser);
        };
        const first = await visit();
        expect(first).toMatchObject({ email, emailVerified: true });
        expect((await visit())?.["id"]).toBe(first?.["id"]);
      },
    },
    {
      name: "a link that is opened in another browser signs in there",
      path: "happy",
      async run(t) {
        const email = `${t.unique("magic")}@example.com`;
        const [here, there] = [t.browser(), t.browser()];
        await here.post("/sign-in/magic-link", { email, callbackURL: "/in" });
        const end = await there.visit(t.mailbox.take(email)["url"] ?? "");
        expect(end.location?.href).toBe(`${t.site}/in`);
        expect(await t.me(there)).toMatchObject({ email });
        expect(await t.me(here)).toBeNull();
      },
    },
    {
      name: "a link that was used, and one that was made up",
      path: "failure",
      async run(t) {
        const { email } = await t.person("magic");
        const browser = t.browser();
        await browser.post("/sign-in/magic-link", { email, callbackURL: "/in" });
        const url = t.mailbox.take(email)["url"] ?? "";
        expect((await browser.visit(url)).location?.searchParams.has("error")).toBe(false);
        const other = t.browser();
        expect((await other.visit(url)).location?.searchParams.get("error")).toBe("INVALID_TOKEN");
        const made = await other.visit(
          `${t.host.siteUrl}/api/auth/magic-link/verify?token=abc&callbackURL=/in`,
        );
        expect(made.location?.searchParams.get("error")).toBe("INVALID_TOKEN");
        expect(await t.me(other)).toBeNull();
      },
    },
    {
      name: "sign-up is off, tokens are stored hashed",
      path: "failure",
      sets: ["magic-link:hashed"],
      async run(t) {
        const email = `${t.unique("magic")}@example.com`;
        const browser = t.browser();
        await browser.post("/sign-in/magic-link", { email, callbackURL: "/in" });
        const url = t.mailbox.count(email) === 0 ? null : t.mailbox.take(email)["url"];
        if (url) {
          const end = await browser.visit(url);
          expect(end.location?.searchParams.get("error")).toBe("new_user_signup_disabled");
        }
        expect(await t.me(browser)).toBeNull();
      },
    },
  ],
});
