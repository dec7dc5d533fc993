import { expect } from "vitest";
import type { Case, MatrixPlugin, Party } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

const password = "correct horse battery";

function ids(variant: string, shape: RegExp): Case<Party> {
  return {
    name: `ids made by generateId: ${variant}`,
    path: "happy",
    warm: true,
    sets: [`renamed-models:${variant}`],
    async run(t) {
      const person = await t.person("ids");
      expect(person.id).toMatch(shape);
      expect(await t.me(person)).toMatchObject({ id: person.id, _id: person.id });
      const { email } = person;
      expect((await person.post("/sign-in/email", { email, password })).body.user.id).toBe(
        person.id,
      );
    },
  };
}

export const renamedModels: MatrixPlugin = definePlugin({
  name: "renamed-models",
  package: "better-auth",
  lines: `user: { modelName: "person", fields: { email: "mail" } },
account: { modelName: "login" },
advanced: { database: { generateId: "uuid" } },`,
  notes:
    "Models and fields may have any names, and ids any form but `serial`. Tables of other names get index entries instead of declared indexes; users and sessions keep theirs in the component, since `getAuthUser` reads them there. `getAuthUser` gives fields the names that Better Auth gives them, whatever their columns are called in `fields`. Do not rename `token` or `userId` of the session: sessions are looked up by them.",
  cases: [
    {
      name: "other names for models and fields: sign-up, sign-in, an organization",
      path: "happy",
      warm: true,
      async run(t) {
        const nick = t.unique("nick");
        const email = `${nick}@example.com`;
        const browser = t.browser();
        const account = { email, password, name: "Ada", nick, note: "hidden" };
        const signUp = await browser.post("/sign-up/email", account);
        expect(signUp.body.user).toMatchObject({ email, name: "Ada", nick });
        const session = await browser.get("/get-session");
        expect(session.body.user).toMatchObject({ email, nick });
        const me = await t.me(browser);
        expect(me).toMatchObject({ id: signUp.body.user.id, email, name: "Ada", nick });
        expect(me).not.toHaveProperty("mail");
        expect(JSON.stringify(await t.me(browser))).not.toContain("hidden");
        const other = t.browser();
        expect((await other.post("/sign-in/email", { email, password })).status).toBe(200);
        const slug = t.unique("org");
        const created = await other.post("/organization/create", { name: "Acme", slug });
        expect(created.body).toMatchObject({ slug });
        const full = await other.get("/organization/get-full-organization");
        expect(full.body.members).toMatchObject([{ user: { email } }]);
        for (const { text } of [signUp, session, full]) {
          expect(text).not.toContain("hidden");
          expect(text).not.toContain('"hash"');
          expect(text).not.toContain('"password"');
        }
        expect((await other.post("/sign-out")).status).toBe(200);
      },
    },
    {
      name: "a taken unique field under another name says nothing about whose it is",
      path: "failure",
      warm: true,
      async run(t) {
        const nick = t.unique("nick");
        const account = { password, name: "Ada", nick };
        const first = { ...account, email: `first-${nick}@example.com` };
        expect((await t.browser().post("/sign-up/email", first)).status).toBe(200);
        const second = { ...account, email: `second-${nick}@example.com` };
        const refused = await t.browser().post("/sign-up/email", second);
        expect(refused.status).toBe(422);
        expect(refused.text).not.toContain(password);
        expect(refused.text).not.toContain("first-");
      },
    },
    {
      name: "sessions in a table of another name",
      path: "happy",
      warm: true,
      sets: ["renamed-models:sessions"],
      async run(t) {
        const person = await t.person("visitor");
        expect((await person.get("/get-session")).body.user.id).toBe(person.id);
        expect(await t.me(person)).toMatchObject({ id: person.id });
        const token = await person.token();
        expect((await person.post("/sign-out")).status).toBe(200);
        expect(token).not.toBeNull();
        expect(await person.token()).toBeNull();
      },
    },
    ids("uuid", /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    ids("own", /^user_/),
    ids("none", /^[A-Za-z0-9]{32}$/),
  ],
});
