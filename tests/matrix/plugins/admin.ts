import { expect } from "vitest";
import type { Answer } from "../support/browser.js";
import type { MatrixPlugin, Person, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

/** The first administrator is made in the dashboard, as Better Auth's documentation says. */
async function administrator(t: Tools): Promise<Person> {
  const person = await t.person("root");
  await t.action("tables:update", { model: "user", id: person.id, fields: { role: "admin" } });
  return person;
}

const search = { inherent: "looks for a part of a word in every user" };
const all = { inherent: "counts every user" };

export const admin: MatrixPlugin = definePlugin({
  name: "admin",
  package: "better-auth",
  lines: `import { admin } from "better-auth/plugins";

plugins: [convex({ authConfig }), admin()]`,
  notes:
    "A ban and a revocation take effect in subscribed queries at once: `getAuthUser` reads the session, and its row is gone. Searches of `list-users` by `contains` read the whole table, in pages.",
  cases: [
    {
      name: "creates, changes, lists and finds users",
      path: "happy",
      async run(t) {
        const root = await administrator(t);
        const name = t.unique("made");
        const created = await root.post("/admin/create-user", {
          email: `${name}@example.com`,
          password: "a password 12",
          name,
          role: "user",
        });
        expect(created.status).toBe(200);
        const userId = created.body.user.id;
        const one = await root.get(`/admin/get-user?id=${userId}`);
        expect(one.body).toMatchObject({ name, role: "user" });
        const changed = await root.post("/admin/update-user", {
          userId,
          data: { name: `${name} Lovelace` },
        });
        expect(changed.body.name).toBe(`${name} Lovelace`);
        expect((await root.post("/admin/set-role", { userId, role: "admin" })).status).toBe(200);
        const set = await root.post("/admin/set-user-password", {
          userId,
          newPassword: "another password",
        });
        expect(set.status).toBe(200);
        const page = await root.get("/admin/list-users?limit=2&sortBy=createdAt", all);
        expect(page.body.users).toHaveLength(2);
        const found = await root.get(`/admin/list-users?searchValue=${name}`, search);
        expect(found.body).toMatchObject({ total: 1, users: [{ id: userId }] });
        const may = await root.post("/admin/has-permission", { permissions: { user: ["ban"] } });
        expect(may.body.success).toBe(true);
        expect((await root.post("/admin/remove-user", { userId })).status).toBe(200);
        expect(await t.action("tables:find", { model: "user", id: userId })).toBeNull();
      },
    },
    {
      name: "lists users by a part of a name, a filter, an order and pages",
      path: "happy",
      async run(t) {
        const root = await administrator(t);
        const word = t.unique("listed");
        for (const name of ["c", "a", "b", "d"]) await t.person(`${word}${name}`);
        const query = (more: string): string =>
          `/admin/list-users?searchValue=${word}&searchOperator=starts_with&sortBy=email&${more}`;
        const emails = ({ body }: Answer): unknown[] =>
          body.users.map(({ email }: { email: string }) =>
            email.slice(word.length, word.length + 1),
          );
        const first = await root.get(query("limit=2&offset=0&sortDirection=desc"));
        expect([first.body.total, emails(first)]).toEqual([4, ["d", "c"]]);
        const second = await root.get(query("limit=2&offset=2&sortDirection=desc"));
        expect([second.body.total, emails(second)]).toEqual([4, ["b", "a"]]);
        const none = await root.get(
          query("filterField=banned&filterOperator=eq&filterValue=true&sortDirection=asc"),
        );
        expect(none.body).toMatchObject({ users: [], total: 0 });
      },
    },
    {
      name: "bans, impersonates and signs out, and Convex notices",
      path: "happy",
      async run(t) {
        const root = await administrator(t);
        const person = await t.person("subject");
        const sessions = await root.post("/admin/list-user-sessions", { userId: person.id });
        expect(sessions.body.sessions).toHaveLength(1);
        const as = await root.post("/admin/impersonate-user", { userId: person.id });
        expect(as.status).toBe(200);
        expect(await t.me(root)).toMatchObject({ id: person.id });
        expect((await root.post("/admin/stop-impersonating")).status).toBe(200);
        expect(await t.me(root)).toMatchObject({ id: root.id });
        expect(await t.me(person)).toMatchObject({ id: person.id });
        const banned = await root.post("/admin/ban-user", { userId: person.id, banReason: "spam" });
        expect(banned.body.user).toMatchObject({ banned: true, banReason: "spam" });
        expect(await t.me(person)).toBeNull();
        const { email, password } = person;
        expect((await person.post("/sign-in/email", { email, password })).status).toBe(403);
        await root.post("/admin/unban-user", { userId: person.id });
        expect((await person.post("/sign-in/email", { email, password })).status).toBe(200);
        await root.post("/admin/revoke-user-sessions", { userId: person.id });
        expect(await t.me(person)).toBeNull();
      },
    },
    {
      name: "somebody who is no administrator",
      path: "failure",
      async run(t) {
        const person = await t.person("nobody");
        const other = await t.person("other");
        const userId = other.id;
        expect((await person.get("/admin/list-users")).status).toBe(403);
        const role = await person.post("/admin/set-role", { userId: person.id, role: "admin" });
        expect(role.status).toBe(403);
        expect((await person.post("/admin/impersonate-user", { userId })).status).toBe(403);
        expect((await t.browser().get("/admin/list-users")).status).toBe(401);
      },
    },
  ],
});
