/** Signing people out: one session, or all of a user, however many there are. */
import type { ComponentApi } from "../../convex/_generated/component.js";
import { isLaterPage, totalOfPages } from "../adapter/parts.js";
import { isAction, retrying } from "../adapter/retry.js";
import { convexErrorOf } from "../errors/convex-error.js";
import { isFaultValue } from "../errors/fault-value.js";
import type { GenericWriteCtx } from "./types.js";

/** Calls one of the component's functions that end sessions. */
export type Revoke = (
  name: "revokeSession" | "revokeUserSessions",
  args: object,
) => Promise<unknown>;

/** How the functions are called in a ctx. */
export type RevokeIn = (ctx: Pick<GenericWriteCtx, "runMutation">) => Revoke;

/** Calls them straight. */
export function revokingBy(component: ComponentApi): RevokeIn {
  return (ctx) => (name, args) =>
    ctx.runMutation(component.gate[name], args as { sessionId: string; userId: string });
}

/** Deletes one session; false when it was already gone. */
export async function revokeOne(revoke: Revoke, sessionId: string): Promise<boolean> {
  return (await revoke("revokeSession", { sessionId })) as boolean;
}

/**
 * Deletes every session of a user and tells how many there were. In an action page after page; in a mutation at once, or
 * `ConvexError` `{ code: "LIMIT_EXCEEDED" }` and none.
 */
export async function revokeAll(revoke: Revoke, ctx: object, userId: string): Promise<number> {
  const call = async (page?: string): Promise<unknown> => {
    const args = { userId, faults: "values", ...(page === undefined ? {} : { page }) };
    const revoked = (): Promise<unknown> => revoke("revokeUserSessions", args);
    const answer = await retrying(ctx, revoked, { begun: isLaterPage(args) });
    if (isFaultValue(answer)) throw convexErrorOf(answer.fault);
    return answer;
  };
  const total = isAction(ctx) ? totalOfPages(call) : call();
  return (await total) as number;
}
