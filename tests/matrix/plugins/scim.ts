import { expect } from "vitest";
import type { MatrixPlugin, Party, Tools } from "../support/plugin.js";
import type { Answer } from "../support/browser.js";
import { definePlugin } from "../support/plugin.js";

const token = "a-directory-service-knows-this-0123456789";
const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";
const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export const scim: MatrixPlugin = definePlugin({
  name: "scim",
  package: "@better-auth/scim",
  lines: `import { scim } from "@better-auth/scim";

plugins: [
  convex({ authConfig }),
  scim({
    connections: [
      { id: "acme", credentials: [{ type: "bearer", id: "first", token: process.env.SCIM_TOKEN! }] },
    ],
  }),
]`,
  notes:
    "Demands transactions of the database, which the adapter has: everything that one request changes is written in one mutation.",
  party: (): Promise<Party> =>
    Promise.resolve({ env: { SCIM_TOKEN: token }, close: () => Promise.resolve() }),
  cases: [
    {
      name: "provisions, finds, changes and removes a user and a group",
      path: "happy",
      async run(t) {
        // A connection is bound to its domain by its first request.
        const first = `${t.unique("dir")}@example.com`;
        const emails = [{ value: first, primary: true }];
        await t.program().visit(`${t.host.siteUrl}/api/auth/scim/v2/Users`, {
          headers: { authorization: `Bearer ${token}` },
          body: { schemas: [userSchema], userName: first, emails },
          uncounted: true,
        });
        const userName = `${t.unique("dir")}@example.com`;
        const made = await request(t, "POST", "/Users", {
          schemas: [userSchema],
          userName,
          emails: [{ value: userName, primary: true }],
        });
        expect(made.status).toBe(201);
        const user = `/Users/${made.body.id}`;
        const label = "/Users/:id";
        const found = await request(
          t,
          "GET",
          `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
        );
        expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: made.body.id }] });
        const group = await request(t, "POST", "/Groups", {
          schemas: [groupSchema],
          displayName: t.unique("Team"),
          members: [{ value: made.body.id }],
        });
        expect(group.status).toBe(201);
        const patched = await request(
          t,
          "PATCH",
          user,
          {
            schemas: [patchSchema],
            Operations: [{ op: "replace", path: "active", value: false }],
          },
          label,
        );
        expect(patched.status).toBe(200);
        expect((await request(t, "GET", user, undefined, label)).body.active).toBe(false);
        expect((await request(t, "DELETE", user, undefined, label)).status).toBe(204);
        expect((await request(t, "GET", user, undefined, label)).status).toBe(404);
        const left = await request(t, "GET", `/Groups/${group.body.id}`, undefined, "/Groups/:id");
        expect(left.body.members ?? []).toEqual([]);
      },
    },
    {
      name: "refuses a stranger's token, and a user name that is taken",
      path: "failure",
      async run(t) {
        const stranger = await t.program().get("/scim/v2/Users", {
          headers: { authorization: "Bearer something-else" },
        });
        expect(stranger.status).toBe(401);
        const userName = `${t.unique("dir")}@example.com`;
        const user = {
          schemas: [userSchema],
          userName,
          emails: [{ value: userName, primary: true }],
        };
        expect((await request(t, "POST", "/Users", user)).status).toBe(201);
        const again = await request(t, "POST", "/Users", user);
        expect(again.status).toBe(409);
        expect(again.body.scimType).toBe("uniqueness");
      },
    },
  ],
});

function request(
  t: Tools,
  method: string,
  path: string,
  body?: unknown,
  label = path.replace(/\?.*/, ""),
): Promise<Answer> {
  const url = `${t.host.siteUrl}/api/auth/scim/v2${path}`;
  return t.program().visit(url, {
    method,
    headers: { authorization: `Bearer ${token}` },
    label: `${method} /scim/v2${label}`,
    ...(body === undefined ? {} : { body }),
  });
}
