/** Who is in an organization and who is invited to it: Better Auth's tables, read live. */
import { ConvexError, v } from "convex/values";
import { components } from "./_generated/api";
import type { MutationCtx, QueryCtx } from "./_generated/server";
import { query } from "./_generated/server";
import { authComponent } from "./auth";

interface Member {
  id: string;
  role: string;
  user: { id: string; name: string; email: string } | null;
}
interface Invitation {
  id: string;
  email: string;
  status: string;
  expiresAt: number;
  organizationId: string;
  inviterId: string;
}

/** The members, and the open invitations for those who may invite: for others they are null. */
export const people = query({
  args: { organizationId: v.string() },
  handler: async (ctx, { organizationId }) => {
    const { role } = await requireMember(ctx, organizationId);
    const where = [{ field: "organizationId", value: organizationId }];
    const members = (await ctx.runQuery(components.betterAuth.adapter.findMany, {
      model: "member",
      where,
      join: [
        { as: "user", table: "user", from: "userId", to: "id", limit: 1, relation: "one-to-one" },
      ],
    })) as Member[];
    return {
      members: members.map(({ id, role, user }) => ({
        id,
        role,
        name: user?.name ?? "Somebody",
        email: user?.email ?? "",
      })),
      invitations: mayInvite(role)
        ? ((await ctx.runQuery(components.betterAuth.adapter.findMany, {
            model: "invitation",
            where: [...where, { field: "status", value: "pending" }],
            select: ["id", "email", "expiresAt"],
          })) as Pick<Invitation, "id" | "email" | "expiresAt">[])
        : null,
    };
  },
});

/** What the user is invited to and by whom, or null: the invitation is over, or somebody else's. */
export const invitation = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const user = await authComponent.getAuthUser(ctx);
    const found: Invitation | null = await byId(ctx, "invitation", id);
    if (found?.status !== "pending" || found.email !== user.email) return null;
    const [organization, inviter]: ({ name: string } | null)[] = await Promise.all([
      byId(ctx, "organization", found.organizationId),
      byId(ctx, "user", found.inviterId),
    ]);
    if (!organization) return null;
    return { organization: organization.name, inviter: inviter?.name ?? "Somebody" };
  },
});

/** Reads Better Auth's table, so a query runs again when somebody joins or leaves. */
export async function requireMember(
  ctx: QueryCtx | MutationCtx,
  organizationId: string,
): Promise<{ role: string }> {
  const user = await authComponent.getAuthUser(ctx);
  const member: { role: string } | null = await ctx.runQuery(
    components.betterAuth.adapter.findOne,
    {
      model: "member",
      where: [
        { field: "organizationId", value: organizationId },
        { field: "userId", value: user._id },
      ],
    },
  );
  if (member === null) throw new ConvexError("You are not a member of this organization.");
  return member;
}

/** By Better Auth's default roles; somebody may have several. */
function mayInvite(roles: string): boolean {
  return roles.split(",").some((role) => role === "owner" || role === "admin");
}

function byId(ctx: QueryCtx, model: string, id: string) {
  const where = [{ field: "id", value: id }];
  return ctx.runQuery(components.betterAuth.adapter.findOne, { model, where });
}
