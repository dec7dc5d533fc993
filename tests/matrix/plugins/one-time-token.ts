import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const oneTimeToken: MatrixPlugin = definePlugin({
  name: "one-time-token",
  package: "better-auth",
  lines: `import { oneTimeToken } from "better-auth/plugins";

plugins: [convex({ authConfig }), oneTimeToken()]`,
  cases: [
    {
      name: "carries a session into another browser",
      path: "happy",
      async run(t) {
        const person = await t.person("carried");
        const { token } = (await person.get("/one-time-token/generate")).body;
        const other = t.browser();
        const verified = await other.post("/one-time-token/verify", { token });
        expect(verified.body.user.email).toBe(person.email);
        expect(await t.me(other)).toMatchObject({ email: person.email });
      },
    },
    {
      name: "works once, and only for somebody who is signed in",
      path: "failure",
      async run(t) {
        const person = await t.person("carried");
        const { token } = (await person.get("/one-time-token/generate")).body;
        expect((await t.browser().post("/one-time-token/verify", { token })).status).toBe(200);
        expect((await t.browser().post("/one-time-token/verify", { token })).status).toBe(400);
        expect((await t.browser().get("/one-time-token/generate")).status).toBe(401);
      },
    },
  ],
});
