/** Signing a user out everywhere, however many sessions there are. */
import { ConvexError } from "convex/values";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { isLaterPage, totalOfPages } from "../adapter/parts.js";
import { isAction, retrying } from "../adapter/retry.js";
import { isFaultValue } from "../errors/fault-value.js";
import type { GenericWriteCtx } from "./types.js";

/**
 * Deletes every session of a user and tells how many there were. In an action page after page; in a mutation at once, or
 * `ConvexError` `{ code: "LIMIT_EXCEEDED" }` and none.
 */
export async function revokeAll(
  component: ComponentApi,
  ctx: Pick<GenericWriteCtx, "runMutation">,
  userId: string,
): Promise<number> {
  const call = async (page?: string): Promise<unknown> => {
    const args = { userId, faults: "values", ...(page === undefined ? {} : { page }) };
    const revoked = (): Promise<unknown> => ctx.runMutation(component.sessions.revokePage, args);
    const answer = await retrying(ctx, revoked, { begun: isLaterPage(args) });
    if (isFaultValue(answer)) throw new ConvexError({ ...answer.fault } as never);
    return answer;
  };
  const total = isAction(ctx) ? totalOfPages(call) : call();
  return (await total) as number;
}
