/**
 * House-keeping along with ordinary writes: a table whose rows expire would grow with every abandoned flow. What is over
 * goes, a few rows at a time, found by an index. Where nothing is over, no document is read.
 */
import type { GenericMutationCtx } from "convex/server";
import type { AnyDataModel } from "convex/server";
import { run } from "./run.js";

/**
 * One new row in so many sweeps: were it every one, the writes of a burst would all delete the same rows and keep each
 * other from committing.
 */
const ONE_IN = 8;

/** Rows that a sweep deletes at most: well more than come between two sweeps. */
const MOST = 32;

/** A row that was just written. */
export interface NewRow {
  table: string;
  id: unknown;
}

/** Deletes some expired rows of the tables that were just written to, if the id of a new row says so. */
export async function sweep(
  ctx: Pick<GenericMutationCtx<AnyDataModel>, "db">,
  rows: readonly NewRow[],
): Promise<void> {
  const tables = [...new Set(rows.filter(({ id }) => isDrawn(id)).map(({ table }) => table))];
  if (tables.length === 0) return;
  await run(ctx, { clean: { now: Date.now(), most: MOST, tables } });
}

/** Ids are random, so their last letters are a draw, and one that a test or a second try of a mutation repeats. */
function isDrawn(id: unknown): boolean {
  return typeof id === "string" && id.charCodeAt(id.length - 1) % ONE_IN === 0;
}
