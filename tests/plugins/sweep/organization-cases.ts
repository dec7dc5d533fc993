/** Organizations, their members, teams and roles. Some endpoints put the active one into the session. */
import { leaves, sets } from "./case.js";
import type { Cases } from "./case.js";
import type { World } from "./world.js";

interface WithId {
  readonly id: string;
}

/** Ada's organization, the active one of her session. */
async function organization(world: World): Promise<string> {
  const body = { name: "Analytical Engines", slug: "engines" };
  const { id } = await world.prepare<WithId>("createOrganization", { body });
  // Creating makes it the active one in the row; only this tells the cookie cache.
  await world.prepare("setActiveOrganization", { body: { organizationId: id } });
  return id;
}

/** Bob as a member of Ada's organization. */
async function bobAsMember(world: World): Promise<{ organizationId: string; memberId: string }> {
  const organizationId = await organization(world);
  const body = { organizationId, userId: world.bob.id, role: "member" };
  return { organizationId, memberId: (await world.prepare<WithId>("addMember", { body })).id };
}

async function team(world: World): Promise<string> {
  await organization(world);
  return (await world.prepare<WithId>("createTeam", { body: { name: "Cards" } })).id;
}

async function bobInTeam(world: World): Promise<{ teamId: string; userId: string }> {
  const { organizationId } = await bobAsMember(world);
  const { id: teamId } = await world.prepare<WithId>("createTeam", { body: { name: "Cards" } });
  await world.prepare("addTeamMember", {
    body: { teamId, userId: world.bob.id, organizationId },
  });
  return { teamId, userId: world.bob.id };
}

async function invitationToBob(world: World): Promise<string> {
  await organization(world);
  const body = { email: world.bob.email, role: "member" };
  return (await world.prepare<WithId>("createInvitation", { body })).id;
}

/** Somebody else's invitation to Ada. */
async function invitationToAda(world: World): Promise<string> {
  const id = await invitationToBob(world);
  const { organizationId } = world.row("invitation", { id });
  Object.assign(world.row("invitation", { id }), {
    email: world.ada.email,
    inviterId: world.bob.id,
  });
  const members = world.app.tables["member"] ?? [];
  for (const member of members.filter((row) => row["organizationId"] === organizationId))
    member["userId"] = world.bob.id;
  return id;
}

async function role(world: World): Promise<{ roleName: string }> {
  await organization(world);
  const body = { role: "helper", permission: { member: ["create"] } };
  await world.prepare("createOrgRole", { body });
  return { roleName: "helper" };
}

export const organizationCases: Cases = {
  createOrganization: leaves(() => ({ body: { name: "Engines", slug: "engines" } })),
  updateOrganization: leaves(async (world) => ({
    body: { organizationId: await organization(world), data: { name: "Engines" } },
  })),
  deleteOrganization: leaves(async (world) => ({
    body: { organizationId: await organization(world) },
  })),
  setActiveOrganization: [
    {
      title: "to one",
      effect: "sets",
      call: async (world) => ({ body: { organizationId: await organization(world) } }),
    },
    {
      title: "to none",
      effect: "sets",
      call: async (world) => {
        await organization(world);
        return { body: { organizationId: null } };
      },
    },
  ],
  getOrganization: leaves(async (world) => ({
    query: { organizationId: await organization(world) },
  })),
  getFullOrganization: leaves(async (world) => ({
    query: { organizationId: await organization(world) },
  })),
  listOrganizations: leaves(),
  createInvitation: leaves(async (world) => ({
    body: {
      organizationId: await organization(world),
      email: "new@example.com",
      role: "member",
    },
  })),
  cancelInvitation: leaves(async (world) => ({
    body: { invitationId: await invitationToBob(world) },
  })),
  acceptInvitation: leaves(async (world) => ({
    body: { invitationId: await invitationToAda(world) },
  })),
  getInvitation: leaves(async (world) => ({ query: { id: await invitationToAda(world) } })),
  rejectInvitation: leaves(async (world) => ({
    body: { invitationId: await invitationToAda(world) },
  })),
  listInvitations: leaves(async (world) => ({
    query: { organizationId: await organization(world) },
  })),
  getActiveMember: leaves(async (world) => {
    await organization(world);
    return {};
  }),
  checkOrganizationSlug: leaves(() => ({ body: { slug: "free" } })),
  addMember: leaves(async (world) => ({
    body: {
      organizationId: await organization(world),
      userId: world.bob.id,
      role: "member",
    },
  })),
  removeMember: leaves(async (world) => {
    const { memberId, organizationId } = await bobAsMember(world);
    return { body: { memberIdOrEmail: memberId, organizationId } };
  }),
  updateMemberRole: leaves(async (world) => {
    const { memberId, organizationId } = await bobAsMember(world);
    return { body: { memberId, organizationId, role: "admin" } };
  }),
  leaveOrganization: leaves(async (world) => {
    const { memberId, organizationId } = await bobAsMember(world);
    world.row("member", { id: memberId })["role"] = "owner";
    return { body: { organizationId } };
  }),
  listUserInvitations: leaves(),
  listMembers: leaves(async (world) => ({ query: { organizationId: await organization(world) } })),
  getActiveMemberRole: leaves(async (world) => {
    await organization(world);
    return {};
  }),
  createTeam: leaves(async (world) => ({
    body: { organizationId: await organization(world), name: "Cards" },
  })),
  listOrganizationTeams: leaves(async (world) => ({
    query: { organizationId: await organization(world) },
  })),
  removeTeam: leaves(async (world) => ({ body: { teamId: await team(world) } })),
  updateTeam: leaves(async (world) => ({
    body: { teamId: await team(world), data: { name: "Mills" } },
  })),
  setActiveTeam: sets(async (world) => {
    const teamId = await team(world);
    const body = { teamId, userId: world.ada.id };
    await world.prepare("addTeamMember", { body });
    return { body: { teamId } };
  }),
  listUserTeams: leaves(),
  listTeamMembers: leaves(async (world) => {
    const { teamId } = await bobInTeam(world);
    await world.prepare("addTeamMember", { body: { teamId, userId: world.ada.id } });
    return { query: { teamId } };
  }),
  addTeamMember: leaves(async (world) => {
    await bobAsMember(world);
    const { id: teamId } = await world.prepare<WithId>("createTeam", { body: { name: "Cards" } });
    return { body: { teamId, userId: world.bob.id } };
  }),
  removeTeamMember: leaves(async (world) => ({ body: await bobInTeam(world) })),
  createOrgRole: leaves(async (world) => ({
    body: {
      organizationId: await organization(world),
      role: "helper",
      permission: { member: ["create"] },
    },
  })),
  deleteOrgRole: leaves(async (world) => ({ body: await role(world) })),
  listOrgRoles: leaves(async (world) => ({ query: { organizationId: await organization(world) } })),
  getOrgRole: leaves(async (world) => ({ query: await role(world) })),
  updateOrgRole: leaves(async (world) => ({
    body: { ...(await role(world)), data: { permission: { member: ["update"] } } },
  })),
  hasPermission: leaves(async (world) => {
    await organization(world);
    return { body: { permissions: { member: ["create"] } } };
  }),
};
