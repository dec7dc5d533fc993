/** Signing people out: one session, or all of a user, however many there are. */
import { ConvexError } from "convex/values";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { isLaterPage, totalOfPages } from "../adapter/parts.js";
import { isAction, retrying } from "../adapter/retry.js";
import type { WriteName } from "../adapter/trigger-protocol.js";
import { missingWriter, refusalIn, writeOf } from "../adapter/trigger-protocol.js";
import type { StoreTriggers } from "../adapter/triggered-writes.js";
import { isFaultValue } from "../errors/fault-value.js";
import type { GenericWriteCtx } from "./types.js";

/** Calls a function of the component that ends sessions, by the app's own mutation where a trigger wants to know. */
export type Revoker = (name: WriteName, args: object) => Promise<unknown>;

/** The revoker of a ctx. A trigger's refusal is thrown as `ConvexError` `{ code, message }`, and no session is gone. */
export function revoker(
  component: ComponentApi,
  ctx: Pick<GenericWriteCtx, "runMutation">,
  triggers: StoreTriggers | undefined,
): Revoker {
  if (triggers?.events.get("session")?.has("deleted") !== true)
    return (name, args) => ctx.runMutation(writeOf(component, name), args as never);
  const { writer, within } = triggers;
  return async (write, args) => {
    try {
      return await ctx.runMutation(writer, { write, args, within: [...within] } as never);
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal) throw new ConvexError({ ...refusal } as never);
      throw missingWriter(error, writer) ?? error;
    }
  };
}

/** Deletes one session; false when it was already gone. */
export async function revokeOne(revoke: Revoker, sessionId: string): Promise<boolean> {
  return (await revoke("sessions.revoke", { sessionId })) as boolean;
}

/**
 * Deletes every session of a user and tells how many there were. In an action page after page; in a mutation at once, or
 * `ConvexError` `{ code: "LIMIT_EXCEEDED" }` and none.
 */
export async function revokeAll(revoke: Revoker, ctx: object, userId: string): Promise<number> {
  const call = async (page?: string): Promise<unknown> => {
    const args = { userId, faults: "values", ...(page === undefined ? {} : { page }) };
    const revoked = (): Promise<unknown> => revoke("sessions.revokePage", args);
    const answer = await retrying(ctx, revoked, { begun: isLaterPage(args) });
    if (isFaultValue(answer)) throw new ConvexError({ ...answer.fault } as never);
    return answer;
  };
  const total = isAction(ctx) ? totalOfPages(call) : call();
  return (await total) as number;
}
