/**
 * House-keeping along with ordinary writes: a table whose rows expire would grow with every abandoned flow. What is over
 * goes, a few rows at a time, found by an index. Where nothing is over, no document is read.
 */
import type { GenericMutationCtx } from "convex/server";
import type { AnyDataModel } from "convex/server";
import { isDrawn, MOST } from "./draw.js";
import { run } from "./run.js";

/** The field that says when a row's time is over, and for how many ms it stays after that. */
interface Expiry {
  field: string;
  keep: number;
}

/** What created a row, and the row's id. Rows of a table whose rules tell no expiry stay. */
export interface Creation {
  model: string;
  id: unknown;
  rules?: { expires?: Expiry | undefined } | undefined;
}

/** Deletes some expired rows of the tables that were just written to, if the id of a new row says so. */
export async function sweep(
  ctx: Pick<GenericMutationCtx<AnyDataModel>, "db">,
  created: readonly Creation[],
): Promise<void> {
  const tables = new Map<string, Expiry>();
  for (const { model, id, rules } of created) {
    if (rules?.expires && isDrawn(id)) tables.set(model, rules.expires);
  }
  for (const [table, expiry] of tables) await clean(ctx, { table, ...expiry }, MOST);
}

/** Deletes rows of a table that are over for as long as they stay, at most so many, and tells how many. */
export function clean(
  ctx: Pick<GenericMutationCtx<AnyDataModel>, "db">,
  { table, field, keep }: Expiry & { table: string },
  most: number,
): Promise<number> {
  return run(ctx, { clean: { table, field, before: Date.now() - keep, most } });
}
