/**
 * House-keeping along with ordinary writes: a table whose rows expire would grow with every abandoned flow. What is over
 * goes, a few rows at a time, found by an index. Where nothing is over, no document is read.
 *
 * Strangers write such rows, of up to 1 MiB. A sweep that is too large for its transaction would undo the write which it
 * comes with, and delete nothing, so that the next one failed as well: it ends by its bytes, and stands back where the
 * transaction has been busy already.
 */
import type { GenericMutationCtx } from "convex/server";
import type { AnyDataModel } from "convex/server";
import { isDrawn, MOST } from "./draw.js";
import { isPart } from "./paged.js";
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

type Ctx = Pick<GenericMutationCtx<AnyDataModel>, "db" | "meta">;

/** Deletes some expired rows of the tables that were just written to, if the id of a new row says so. */
export async function sweep(ctx: Ctx, created: readonly Creation[]): Promise<void> {
  const tables = new Map<string, Expiry>();
  for (const { model, id, rules } of created) {
    if (rules?.expires && isDrawn(id)) tables.set(model, rules.expires);
  }
  for (const [table, expiry] of tables)
    if (await hasRoom(ctx)) await clean(ctx, { table, ...expiry }, MOST);
}

/**
 * Deletes rows of a table that are over for as long as they stay: at most so many, and about 1 MiB of them, which Convex
 * reads twice. Tells how many, and whether there may be more.
 */
export async function clean(
  ctx: Pick<Ctx, "db">,
  { table, field, keep }: Expiry & { table: string },
  most: number,
): Promise<{ deleted: number; more: boolean }> {
  const answer = await run(ctx, { clean: { table, field, before: Date.now() - keep, most } });
  return isPart(answer) ? { deleted: answer.part, more: true } : { deleted: answer, more: false };
}

/** The part of each limit that has to be left: a table takes half of it at most, and what follows needs some as well. */
const LEFT = 3 / 4;

/** Whether the transaction has read and written so little that a table more is nothing to it. */
export async function hasRoom(ctx: Pick<Ctx, "meta">): Promise<boolean> {
  const metrics = await ctx.meta.getTransactionMetrics();
  return [
    metrics.bytesRead,
    metrics.databaseQueries,
    metrics.documentsRead,
    metrics.documentsWritten,
  ].every(({ used, remaining }) => remaining >= (used + remaining) * LEFT);
}
