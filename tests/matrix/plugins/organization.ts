import { expect } from "vitest";
import type { Person, MatrixPlugin, Tools } from "../support/plugin.js";
import { definePlugin } from "../support/plugin.js";

async function organizationOf(t: Tools, owner: Person): Promise<string> {
  const slug = t.unique("org");
  const created = await owner.post("/organization/create", { name: slug, slug });
  expect(created.status).toBe(200);
  return created.body.id;
}

/** Invites a new person, who accepts. */
async function join(t: Tools, owner: Person, more: object = {}): Promise<Person> {
  const guest = await t.person("guest");
  const invited = await owner.post("/organization/invite-member", {
    email: guest.email,
    role: "member",
    ...more,
  });
  expect(invited.status).toBe(200);
  const { id } = t.mailbox.take(guest.email);
  const accepted = await guest.post("/organization/accept-invitation", { invitationId: id });
  expect(accepted.status).toBe(200);
  return guest;
}

export const organization: MatrixPlugin = definePlugin({
  name: "organization",
  package: "better-auth",
  lines: `import { organization } from "better-auth/plugins";

plugins: [
  convex({ authConfig }),
  organization({
    teams: { enabled: true },
    dynamicAccessControl: { enabled: true },
    sendInvitationEmail: ({ id, email }) => sendMail(email, id),
  }),
]`,
  notes:
    "Deleting an organization deletes its members, invitations, teams and roles in the same mutation. `activeOrganizationId` is on the session, so a function that needs it calls `auth.api.getSession` with the headers of `getAuth`, or the app puts it into a claim by `convex({ jwt: { definePayload } })`.",
  cases: [
    {
      name: "creates, invites, lists, changes roles, leaves, deletes",
      path: "happy",
      async run(t) {
        const owner = await t.person("owner");
        const organizationId = await organizationOf(t, owner);
        const guest = await join(t, owner);
        const full = await owner.get("/organization/get-full-organization");
        expect(full.body.members).toHaveLength(2);
        const members = await owner.get("/organization/list-members?sortBy=createdAt&limit=10");
        expect(members.body).toMatchObject({ total: 2 });
        const member = members.body.members.find(
          ({ userId }: { userId: string }) => userId === guest.id,
        );
        const promoted = await owner.post("/organization/update-member-role", {
          memberId: member.id,
          role: "admin",
        });
        expect(promoted.body.role).toBe("admin");
        const may = await guest.post("/organization/has-permission", {
          organizationId,
          permissions: { invitation: ["create"] },
        });
        expect(may.body.success).toBe(true);
        expect((await guest.get("/organization/list")).body).toHaveLength(1);
        const active = await guest.post("/organization/set-active", { organizationId });
        expect(active.body.id).toBe(organizationId);
        expect((await guest.get("/organization/get-active-member")).body.role).toBe("admin");
        await owner.post("/organization/invite-member", { email: "x@example.com", role: "member" });
        expect((await owner.get("/organization/list-invitations")).body).toHaveLength(2);
        expect((await guest.post("/organization/leave", { organizationId })).status).toBe(200);
        const update = { organizationId, data: { name: "Renamed" } };
        expect((await owner.post("/organization/update", update)).body.name).toBe("Renamed");
        const deleted = await owner.post("/organization/delete", { organizationId });
        expect(deleted.status).toBe(200);
        expect(await t.action("tables:find", { model: "member", id: member.id })).toBeNull();
      },
    },
    {
      name: "teams: created, joined, active, removed",
      path: "happy",
      sets: ["organization:teams"],
      async run(t) {
        const owner = await t.person("owner");
        const organizationId = await organizationOf(t, owner);
        const team = await owner.post("/organization/create-team", {
          name: "Engine",
          organizationId,
        });
        expect(team.status).toBe(200);
        const teamId = team.body.id;
        const guest = await join(t, owner, { teamId });
        const teams = await owner.get(`/organization/list-teams?organizationId=${organizationId}`, {
          label: "GET /organization/list-teams",
        });
        expect(teams.body).toHaveLength(2);
        const active = await guest.post("/organization/set-active-team", { teamId });
        expect(active.body.id).toBe(teamId);
        const members = await guest.get("/organization/list-team-members");
        expect(members.body).toHaveLength(1);
        const added = await owner.post("/organization/add-team-member", {
          teamId,
          userId: owner.id,
        });
        expect(added.status).toBe(200);
        expect((await owner.get("/organization/list-user-teams")).body.length).toBe(2);
        const removed = await owner.post("/organization/remove-team-member", {
          teamId,
          userId: guest.id,
        });
        expect(removed.status).toBe(200);
        expect((await owner.post("/organization/remove-team", { teamId })).status).toBe(200);
      },
    },
    {
      name: "dynamic access control: a role of one's own",
      path: "happy",
      sets: ["organization:roles"],
      async run(t) {
        const owner = await t.person("owner");
        const organizationId = await organizationOf(t, owner);
        const role = t.unique("builder");
        const created = await owner.post("/organization/create-role", {
          role,
          permission: { project: ["create"] },
        });
        expect(created.status).toBe(200);
        const guest = await join(t, owner, { role });
        const may = (permissions: object) =>
          guest.post("/organization/has-permission", { organizationId, permissions });
        expect((await may({ project: ["create"] })).body.success).toBe(true);
        expect((await may({ project: ["delete"] })).body.success).toBe(false);
        const changed = await owner.post("/organization/update-role", {
          roleName: role,
          data: { permission: { project: ["create", "delete"] } },
        });
        expect(changed.status).toBe(200);
        expect((await may({ project: ["delete"] })).body.success).toBe(true);
        expect((await owner.get("/organization/list-roles")).body).toHaveLength(1);
      },
    },
    {
      name: "a taken slug, a stranger, a member without the permission",
      path: "failure",
      async run(t) {
        const owner = await t.person("owner");
        const slug = t.unique("org");
        await owner.post("/organization/create", { name: slug, slug });
        const again = await owner.post("/organization/create", { name: slug, slug });
        expect(again.body.code).toBe("ORGANIZATION_ALREADY_EXISTS");
        const guest = await join(t, owner);
        const organizationId = (await owner.get("/organization/list")).body[0].id;
        await guest.post("/organization/set-active", { organizationId });
        const invite = { email: "y@example.com", role: "member", organizationId };
        expect((await guest.post("/organization/invite-member", invite)).status).toBe(403);
        expect((await guest.post("/organization/delete", { organizationId })).status).toBe(403);
        const stranger = await t.person("stranger");
        const active = await stranger.post("/organization/set-active", { organizationId });
        expect(active.body.code).toBe("USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
      },
    },
    {
      name: "a team that is full",
      path: "failure",
      sets: ["organization:teams"],
      async run(t) {
        const owner = await t.person("owner");
        const organizationId = await organizationOf(t, owner);
        const team = await owner.post("/organization/create-team", { name: "T", organizationId });
        const teamId = team.body.id;
        await join(t, owner, { teamId });
        await join(t, owner, { teamId });
        const full = await owner.post("/organization/add-team-member", {
          teamId,
          userId: owner.id,
        });
        expect(full.body.code).toBe("TEAM_MEMBER_LIMIT_REACHED");
      },
    },
  ],
});
