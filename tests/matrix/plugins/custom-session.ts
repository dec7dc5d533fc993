import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const customSession: MatrixPlugin = definePlugin({
  name: "custom-session",
  package: "better-auth",
  lines: `import { customSession } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  customSession(async ({ user, session }) => ({ user: { ...user, plan: "free" }, session })),
]`,
  notes:
    "Changes what `get-session` answers, so what `useSession` gives in the browser. Convex functions read the user as it is stored; claims of the JWT are chosen by `convex({ jwt: { claims, definePayload } })`.",
  cases: [
    {
      name: "get-session answers what the app adds, the Convex token stays",
      path: "happy",
      async run(t) {
        const person = await t.person("custom");
        const session = await person.get("/get-session");
        expect(session.body).toMatchObject({
          user: { email: person.email, initial: "c" },
          plan: "free",
        });
        expect(await t.me(person)).toMatchObject({ email: person.email });
      },
    },
    {
      name: "nobody is signed in, and a callback that throws",
      path: "failure",
      async run(t) {
        expect((await t.browser().get("/get-session")).text).toBe("null");
        const person = await t.person("Broken");
        const session = await person.get("/get-session");
        expect(session.status).toBe(500);
        expect(session.text).not.toContain("callback failed");
      },
    },
  ],
});
