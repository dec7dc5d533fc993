import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const bearer: MatrixPlugin = definePlugin({
  name: "bearer",
  package: "better-auth",
  lines: `import { bearer } from "better-auth/plugins";

plugins: [convex({ authConfig }), bearer()]`,
  notes:
    "`GET /convex/token` takes the bearer token too, so a native client exchanges it for the JWT that Convex wants. In an HTTP action of your own a bearer token of Better Auth is no Convex identity: `safeGetAuthUser` gives null there.",
  cases: [
    {
      name: "the token of a sign-in stands for the cookie, for Convex too",
      path: "happy",
      async run(t) {
        const { email, password } = await t.person("bearer");
        const signIn = await t.browser().post("/sign-in/email", { email, password });
        const token = signIn.headers.get("set-auth-token") ?? "";
        const headers = { authorization: `Bearer ${token}` };
        const session = await t.program().get("/get-session", { headers });
        expect(session.body.user.email).toBe(email);
        const jwt = await t.program().get("/convex/token", { headers });
        expect(jwt.body.token.split(".")).toHaveLength(3);
        expect((await t.program().post("/sign-out", {}, { headers })).status).toBe(200);
        expect((await t.program().get("/get-session", { headers })).text).toBe("null");
        expect((await t.program().get("/convex/token", { headers })).status).toBe(401);
      },
    },
    {
      name: "a forged signature, and an unsigned token where signatures are demanded",
      path: "failure",
      sets: ["bearer:signed"],
      async run(t) {
        const { email, password } = await t.person("bearer");
        const signIn = await t.browser().post("/sign-in/email", { email, password });
        const token = decodeURIComponent(signIn.headers.get("set-auth-token") ?? "");
        const raw = token.slice(0, token.indexOf("."));
        const forged = `${raw}.${"A".repeat(43)}=`;
        for (const each of [raw, forged]) {
          const headers = { authorization: `Bearer ${each}` };
          expect((await t.program().get("/get-session", { headers })).text).toBe("null");
          expect((await t.program().get("/convex/token", { headers })).status).toBe(401);
        }
      },
    },
  ],
});
