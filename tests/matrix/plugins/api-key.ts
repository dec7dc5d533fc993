import { expect } from "vitest";
import type { MatrixPlugin } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

export const apiKey: MatrixPlugin = definePlugin({
  name: "api-key",
  package: "@better-auth/api-key",
  lines: `import { apiKey } from "@better-auth/api-key";

plugins: [convex({ authConfig }), apiKey()]`,
  notes:
    "A verification writes to the key's row up to three times, as Better Auth does it everywhere: a key that is used many times a second conflicts with itself and is retried.",
  cases: [
    {
      name: "makes a key, lists, renames and deletes it",
      path: "happy",
      async run(t) {
        const ada = await t.person();
        const made = await ada.post("/api-key/create", { name: "first", prefix: "gate_" });
        expect(made.status).toBe(200);
        expect(made.body.key).toMatch(/^gate_/);
        const keyId = made.body.id;
        const { body: list } = await ada.get("/api-key/list");
        expect(list.total).toBe(1);
        expect(list.apiKeys[0]).toMatchObject({ id: keyId, name: "first" });
        expect(JSON.stringify(list)).not.toContain(made.body.key);
        const renamed = await ada.post("/api-key/update", { keyId, name: "second" });
        expect(renamed.body).toMatchObject({ name: "second" });
        const one = await ada.get(`/api-key/get?id=${keyId}`);
        expect(one.body).toMatchObject({ name: "second" });
        expect((await ada.post("/api-key/delete", { keyId })).body).toEqual({ success: true });
        expect((await ada.get("/api-key/list")).body.total).toBe(0);
      },
    },
    {
      name: "a key stands for its user's session, counted and limited",
      path: "happy",
      sets: ["api-key:session"],
      async run(t) {
        const ada = await t.person();
        const { body: made } = await ada.post("/api-key/create", {});
        const script = t.program();
        const withKey = { headers: { "x-api-key": made.key } };
        for (let use = 0; use < 3; use += 1) {
          const session = await script.get("/get-session", withKey);
          expect(session.body.user).toMatchObject({ id: ada.id });
        }
        const fourth = await script.get("/get-session", withKey);
        expect(fourth.body.code).toBe("RATE_LIMITED");
        const { body: key } = await ada.get(`/api-key/get?id=${made.id}`);
        expect(key.requestCount).toBe(3);
      },
    },
    {
      name: "refuses an unknown key and the keys of others",
      path: "failure",
      sets: ["api-key:session"],
      async run(t) {
        const [ada, bob] = [await t.person(), await t.person()];
        const { body: made } = await ada.post("/api-key/create", {});
        const forged = await t.program().get("/get-session", {
          headers: { "x-api-key": "x".repeat(made.key.length) },
        });
        expect(forged.body.code).toBe("INVALID_API_KEY");
        const theirs = await bob.post("/api-key/delete", { keyId: made.id });
        expect(theirs.body.code).toBe("KEY_NOT_FOUND");
        expect((await ada.get("/api-key/list")).body.total).toBe(1);
      },
    },
  ],
});
