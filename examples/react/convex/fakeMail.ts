/**
 * Stands in for a mail service, where `FAKE_MAIL` is `on`: what would be sent is kept in a table that anybody may read,
 * links that reset passwords among it. Nothing is sent. A real app calls its mail service here (docs/email.md), and has no
 * inbox to show.
 */
import type { GenericCtx } from "convex-gate";
import { requireRunMutationCtx } from "convex-gate/utils";
import { v } from "convex/values";
import { internal } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import { internalMutation, query } from "./_generated/server";

export const isFakeMailOn = process.env.FAKE_MAIL === "on";
const mail = { to: v.string(), subject: v.string(), link: v.string() };

export async function sendFakeMail(
  ctx: GenericCtx<DataModel>,
  sent: { to: string; subject: string; link: string },
): Promise<void> {
  await requireRunMutationCtx(ctx).runMutation(internal.fakeMail.keep, sent);
}

export const keep = internalMutation({
  args: mail,
  handler: async (ctx, sent) => {
    await ctx.db.insert("fakeMails", sent);
  },
});

/** The latest mails to an address, the newest first. */
export const inbox = query({
  args: { to: v.string() },
  handler: async (ctx, { to }) => {
    if (!isFakeMailOn) return [];
    const mails = ctx.db.query("fakeMails").withIndex("by_to", (q) => q.eq("to", to));
    return (await mails.order("desc").take(3)).map(({ _id, subject, link }) => ({
      _id,
      subject,
      link,
    }));
  },
});
