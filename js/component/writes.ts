/** Writes as their callers ask for them: refusals as values, and with what has changed. */
import type { WithChanges } from "../protocol/row-change.js";
import type { FaultValue } from "../errors/fault-value.js";
import type { Writer } from "./any-tables.js";
import { withChanges } from "./changes.js";
import { withFaults } from "./fault-values.js";
import type { CorePart, Part, WithCursor } from "./paged.js";
import { withCursor, withCursorText } from "./paged.js";

/** What a caller asks for beside the work. */
interface Asked {
  faults?: "values" | undefined;
  changes?: string[] | undefined;
}

/** Does the work with the rest of the arguments. */
export function writing<Ctx extends { readonly db: Writer }, A extends Asked, T>(
  ctx: Ctx,
  { faults, changes, ...args }: A,
  work: (ctx: Ctx, args: Omit<A, keyof Asked>) => Promise<T>,
): Promise<T | WithChanges<T> | FaultValue> {
  return withFaults(ctx, faults, (ctx) => withChanges(ctx, changes, (ctx) => work(ctx, args)));
}

/** The same for work that may be too large for one transaction. */
export function writingInPages<
  Ctx extends { readonly db: Writer },
  A extends Asked & { page?: string | undefined },
  T,
>(
  ctx: Ctx,
  args: A,
  work: (ctx: Ctx, args: WithCursor<Omit<A, keyof Asked>>) => Promise<T | CorePart<T>>,
): Promise<T | Part<T> | WithChanges<T | Part<T>> | FaultValue> {
  return writing(ctx, args, async (ctx, rest) => withCursorText(await work(ctx, withCursor(rest))));
}
