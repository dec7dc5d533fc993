/** Flows of administrators, and of organizations and their teams. */
import { PASSWORD } from "../../../plugins/support/app.js";
import type { Flow, Scene } from "./scene.js";
import { emailOf, flow, named, one, OTHER } from "./scene.js";

const ofOrganization = ({ organizationId }: Scene): object => ({ organizationId });
const ofBob = ({ ids }: Scene): object => ({ userId: ids.bob });

export const administration: Flow[] = [
  one("ada", "/admin/create-user", { email: emailOf("new"), password: PASSWORD, name: "New" }),
  one("ada", "/admin/list-users?limit=2"),
  one("ada", "/admin/update-user", ({ ids }) => ({ userId: ids.bob, data: { name: "Robert" } })),
  one("ada", "/admin/set-role", ({ ids }) => ({ userId: ids.bob, role: "admin" })),
  one("ada", "/admin/ban-user", ofBob),
  flow("/admin/unban-user", async ({ prepare, ids }) => {
    await prepare("ada", "/admin/ban-user", { userId: ids.bob });
    return { as: "ada", path: "/admin/unban-user", body: { userId: ids.bob } };
  }),
  one("ada", "/admin/set-user-password", ({ ids }) => ({ userId: ids.bob, newPassword: OTHER })),
  one("ada", "/admin/list-user-sessions", ofBob),
  one("ada", "/admin/revoke-user-sessions", ofBob),
  one("ada", "/admin/remove-user", ofBob),
  one("ada", "/admin/impersonate-user", ofBob),
  flow("/admin/stop-impersonating", async ({ prepare, ids }) => {
    await prepare("ada", "/admin/impersonate-user", { userId: ids.bob });
    return { as: "ada", path: "/admin/stop-impersonating", body: {} };
  }),
];

const inTeam = async ({ prepare, ids, teamId, organizationId }: Scene): Promise<object> => {
  const body = { teamId, userId: ids.bob, organizationId };
  await prepare("ada", "/organization/add-team-member", body);
  return body;
};

export const organizations: Flow[] = [
  one("bob", "/organization/create", { name: "Mills", slug: "mills" }),
  named(
    "/organization/create of a taken name",
    one("bob", "/organization/create", { name: "Engines", slug: "engines" }),
  ),
  one("ada", "/organization/update", (scene) => ({
    ...ofOrganization(scene),
    data: { name: "Looms" },
  })),
  one("ada", "/organization/delete", ofOrganization),
  one("bob", "/organization/set-active", ofOrganization),
  one("ada", "/organization/get-full-organization?organizationId={organizationId}"),
  one("bob", "/organization/list"),
  one("ada", "/organization/list-members?organizationId={organizationId}"),
  one("ada", "/organization/list-invitations?organizationId={organizationId}"),
  one("ada", "/organization/get-active-member"),
  one("ada", "/organization/get-active-member-role"),
  one("ada", "/organization/has-permission", { permissions: { member: ["delete"] } }),
  one("ada", "/organization/invite-member", (scene) => ({
    ...ofOrganization(scene),
    email: emailOf("new"),
    role: "member",
  })),
  one("dan", "/organization/accept-invitation", ({ invitationId }) => ({ invitationId })),
  one("dan", "/organization/reject-invitation", ({ invitationId }) => ({ invitationId })),
  one("ada", "/organization/cancel-invitation", ({ invitationId }) => ({ invitationId })),
  one("dan", "/organization/get-invitation?id={invitationId}"),
  one("dan", "/organization/list-user-invitations"),
  one("ada", "/organization/update-member-role", (scene) => ({
    ...ofOrganization(scene),
    memberId: scene.memberId,
    role: "admin",
  })),
  one("ada", "/organization/remove-member", (scene) => ({
    ...ofOrganization(scene),
    memberIdOrEmail: scene.memberId,
  })),
  one("bob", "/organization/leave", ofOrganization),
  one("ada", "/organization/create-team", (scene) => ({ ...ofOrganization(scene), name: "Mill" })),
  one("ada", "/organization/update-team", ({ teamId }) => ({ teamId, data: { name: "Punch" } })),
  one("ada", "/organization/remove-team", (scene) => ({
    ...ofOrganization(scene),
    teamId: scene.teamId,
  })),
  one("ada", "/organization/list-teams?organizationId={organizationId}"),
  one("ada", "/organization/add-team-member", ({ ids, teamId, organizationId }) => ({
    teamId,
    userId: ids.bob,
    organizationId,
  })),
  flow("/organization/remove-team-member", async (scene) => ({
    as: "ada",
    path: "/organization/remove-team-member",
    body: await inTeam(scene),
  })),
  flow("/organization/set-active-team", async (scene) => {
    await inTeam(scene);
    await scene.prepare("bob", "/organization/set-active", ofOrganization(scene));
    return { as: "bob", path: "/organization/set-active-team", body: { teamId: scene.teamId } };
  }),
  flow("/organization/list-user-teams", async (scene) => {
    await inTeam(scene);
    return { as: "bob", path: "/organization/list-user-teams" };
  }),
];
