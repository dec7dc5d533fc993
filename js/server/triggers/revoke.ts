/** Sessions that are ended by their ids, where a trigger wants to know of it. */
import { ConvexError } from "convex/values";
import type { ComponentApi } from "../../../convex/_generated/component.js";
import { missingWriter, refusalIn } from "../../adapter/trigger-protocol.js";
import type { StoreTriggers } from "../../adapter/triggered-writes.js";
import type { RevokeIn } from "../revoke.js";
import { revokingBy } from "../revoke.js";

/**
 * Calls the app's own mutation, in which the triggers run. A trigger's refusal is thrown as `ConvexError` `{ code, message }`,
 * and then no session is gone.
 */
export function revokingWithTriggers(
  component: ComponentApi,
  of: (ctx: object) => StoreTriggers | undefined,
): RevokeIn {
  const direct = revokingBy(component);
  return (ctx) => {
    const triggers = of(ctx);
    if (triggers?.events.get("session")?.has("deleted") !== true) return direct(ctx);
    const { writer, within } = triggers;
    return async (name, args) => {
      try {
        const request = { write: `gate.${name}`, args, within: [...within] };
        return await ctx.runMutation(writer, request);
      } catch (error) {
        const refusal = refusalIn(error);
        if (refusal) throw new ConvexError({ ...refusal });
        throw missingWriter(error, writer) ?? error;
      }
    };
  };
}
