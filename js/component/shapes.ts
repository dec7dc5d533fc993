/** Keeps the shape that every row of a table carries in step with what the app declares. */
import type { GenericMutationCtx } from "convex/server";
import { makeFunctionReference } from "convex/server";
import type { GenericId } from "convex/values";
import type { AnyTables } from "./any-tables.js";
import { catalogued, rowById } from "./catalogue.js";
import { isStale, SHAPE, withDeclared } from "../protocol/row-shape.js";
import type { DeclaredShape } from "../protocol/row-shape.js";
import { lettersIn } from "../wasm/letters.js";

const fill = makeFunctionReference<"mutation">("shapes:fill");

/** Rows that one transaction corrects. */
const PAGE = 100;

/**
 * Letters that are enough for one transaction: Convex reads 16 MiB and writes 4 MiB a second at most, and a user's image may
 * be a data URL of many kB.
 */
const MOST_LETTERS = 1024 * 1024;

type Ctx = Pick<GenericMutationCtx<AnyTables>, "db" | "scheduler">;

/** What is known of a table, in the catalogue. */
interface Note extends DeclaredShape {
  readonly _id: GenericId<string>;
  /** Grows with every change, which ends what an earlier change has begun. */
  readonly round: number;
}

/** Notes what an instance declares and corrects the row that it saw; when it is news, all others too. */
export async function declareShape(
  ctx: Ctx,
  { table, seen, ...declared }: { table: string; seen: string } & DeclaredShape,
): Promise<null> {
  const note = await noteOf(ctx, table);
  const shape = withDeclared(note?.shape, declared);
  const columns = [...new Set([...(note?.columns ?? []), ...declared.columns])].sort();
  if (note?.shape.join() !== shape.join() || note.columns.join() !== columns.join()) {
    const round = (note?.round ?? 0) + 1;
    if (note) await ctx.db.patch(note._id, { shape, columns, round });
    else await ctx.db.insert("gateCatalogue", { id: idOf(table), shape, columns, round });
    await ctx.scheduler.runAfter(0, fill, { table, round });
  }
  const row = await rowById(ctx.db, table, seen);
  if (row) await correct(ctx, row, { shape, columns });
  return null;
}

/** Corrects a page of rows, oldest first. */
export async function fillShapes(
  ctx: Ctx,
  { table, round, after }: { table: string; round: number; after?: number },
): Promise<null> {
  const note = await noteOf(ctx, table);
  if (note?.round !== round) return null;
  // Two rows may have been created at one time: a page begins with the last row of the page before.
  const rows = ctx.db
    .query(table)
    .withIndex("by_creation_time", (q) =>
      after === undefined ? q : q.gte("_creationTime", after),
    );
  let count = 0;
  let letters = 0;
  for await (const row of rows) {
    await correct(ctx, row, note);
    count += 1;
    letters += lettersIn(row);
    const created = row["_creationTime"] as number;
    const isFull = count >= PAGE || letters >= MOST_LETTERS;
    if (!isFull || (after !== undefined && created <= after)) continue;
    await ctx.scheduler.runAfter(0, fill, { table, round, after: created });
    break;
  }
  return null;
}

async function correct(ctx: Ctx, row: Record<string, unknown>, declared: DeclaredShape) {
  if (!isStale(row, declared)) return;
  const shape = withDeclared(row[SHAPE], declared);
  await ctx.db.patch(row["_id"] as GenericId<string>, { [SHAPE]: shape });
}

async function noteOf(ctx: Ctx, table: string): Promise<Note | null> {
  return (await catalogued(ctx, idOf(table))) as Note | null;
}

/** No table has such a name, so that the note is in nobody's way. */
function idOf(table: string): string {
  return `shape of ${table}`;
}
