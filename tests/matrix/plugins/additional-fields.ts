import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const password = "correct horse battery";

export const additionalFields: MatrixPlugin = definePlugin({
  name: "additional-fields",
  package: "better-auth",
  lines: `user: {
  additionalFields: {
    department: { type: "string", required: false, defaultValue: "sales" },
    badge: { type: "string", required: false, unique: true },
    settings: { type: "json", required: false },
    note: { type: "string", required: false, returned: false },
  },
},`,
  notes:
    "`unique` is enforced by the component in the mutation that writes. `getAuthUser` gives the same fields as Better Auth: `json` as values, nothing of what is declared `returned: false`, also when that was declared later; dates reach Convex functions as milliseconds.",
  cases: [
    {
      name: "defaults, lists, dates and unique fields are stored and come back",
      path: "happy",
      warm: true,
      async run(t) {
        const badge = t.unique("badge");
        const browser = t.browser();
        const signUp = await browser.post("/sign-up/email", {
          email: `${badge}@example.com`,
          password,
          name: "Ada",
          badge,
          tags: ["a", "b"],
          birthday: "1990-12-10T00:00:00.000Z",
          settings: { theme: "dark" },
          note: "hidden",
        });
        expect(signUp.status).toBe(200);
        const settings = { theme: "dark" };
        const shown = { department: "sales", badge, tags: ["a", "b"], visits: 0, settings };
        expect(signUp.body.user).toMatchObject(shown);
        expect(signUp.text).not.toContain("hidden");
        const session = await browser.get("/get-session");
        expect(session.body.user).toMatchObject({ ...shown, birthday: "1990-12-10T00:00:00.000Z" });
        expect(session.body.session).toMatchObject({ device: "web" });
        expect(session.text).not.toContain("hidden");
        const update = await browser.post("/update-user", { department: "research" });
        expect(update.status).toBe(200);
        const me = await t.me(browser);
        expect(me).toMatchObject({ department: "research", badge, settings });
        expect(me).not.toHaveProperty("note");
      },
    },
    {
      name: "a taken unique value, and a field that is not for input",
      path: "failure",
      warm: true,
      async run(t) {
        const badge = t.unique("badge");
        const account = { password, name: "Ada", badge };
        const first = await t.browser().post("/sign-up/email", {
          ...account,
          email: `first-${badge}@example.com`,
        });
        expect(first.status).toBe(200);
        const second = await t.browser().post("/sign-up/email", {
          ...account,
          email: `second-${badge}@example.com`,
        });
        expect(second.status).toBeGreaterThanOrEqual(400);
        expect(second.text).not.toContain(password);
        const person = await t.person("visitor");
        expect((await person.post("/update-user", { visits: 5 })).status).toBe(400);
        expect(await t.me(person)).toMatchObject({ visits: 0 });
      },
    },
  ],
});
