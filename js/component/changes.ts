/**
 * What an operation did to rows, for the triggers of an app. The operation is watched as it writes, so that the rows are told
 * which a cascade reached, or an update of many, and which no result names.
 */
import type { Validator } from "convex/values";
import { ConvexError, v } from "convex/values";
import type { Change, WithChanges } from "../protocol/row-change.js";
import type { Writer } from "./any-tables.js";

/** The argument by which a caller asks for them: the tables that it is interested in. */
export const changes = v.optional(v.array(v.string()));

const row = v.record(v.string(), v.any());

const change = v.object({ table: v.string(), before: v.optional(row), doc: v.optional(row) });

const changed = { changes: v.array(change) };

/** The validator of a result that comes with changes where they are asked for. */
export function orChanges<T>(
  result: Validator<T, "required", string>,
): Validator<T | WithChanges<T>, "required", string> {
  return v.union(result, v.object({ result, ...changed }));
}

type Row = Record<string, unknown>;

/** Changes that one answer holds: Convex (1.48) allows 8,192 items in a list. */
const MOST_CHANGES = 8_000;

/**
 * Does the work; where `tables` are given the result comes with what was written to them. More than an answer holds throws
 * ConvexError `{ code: "LIMIT_EXCEEDED" }`, and nothing is written: an action goes on in pages then.
 */
export async function withChanges<Ctx extends { readonly db: Writer }, T>(
  ctx: Ctx,
  tables: readonly string[] | undefined,
  work: (ctx: Ctx) => Promise<T>,
): Promise<T | WithChanges<T>> {
  if (tables === undefined) return work(ctx);
  const { db, written } = observed(ctx.db, new Set(tables));
  const result = await work({ ...ctx, db });
  if (written.length > MOST_CHANGES) {
    const message = `this changes more than ${String(MOST_CHANGES)} rows that have triggers: call it from an action, where it goes in pages`;
    throw new ConvexError({ code: "LIMIT_EXCEEDED", message });
  }
  return { result, changes: written };
}

/** The same database, noting what is written. The core reads a row before it changes it, so that none is read again. */
function observed(db: Writer, tables: ReadonlySet<string>): { db: Writer; written: Change[] } {
  const written: Change[] = [];
  const seen = new Map<unknown, { table: string; row: Row }>();

  const see = (table: string, row: Row): void => {
    // Several scans may come upon a row, one of them after it was changed: what is known by then is newer.
    if (!seen.has(row["_id"])) seen.set(row["_id"], { table, row });
  };
  const note = (table: string, before: Row | undefined, doc: Row | undefined): void => {
    written.push({
      table,
      ...(before && { before: outward(before) }),
      ...(doc && { doc: outward(doc) }),
    } as Change);
  };

  const watching: Pick<Writer, "query" | "insert" | "patch" | "delete"> = {
    query: (table) =>
      tables.has(table)
        ? (seeing(db.query(table) as unknown as Scan, (row) => {
            see(table, row);
          }) as never)
        : db.query(table),
    async insert(table: string, record: Row) {
      if (!tables.has(table)) return db.insert(table, record) as never;
      const position = written.length;
      note(table, undefined, record);
      const id = await db.insert(table, record);
      seen.set(id, { table, row: { ...record, _id: id } });
      // A row without an id of ours goes by Convex's own.
      written[position] = { table, doc: outward({ _id: id, ...record }) } as Change;
      return id as never;
    },
    patch: ((id: never, fields: Row) => {
      const known = seen.get(id);
      if (known && Object.keys(fields).some((field) => !INTERNAL.has(field))) {
        const row = { ...known.row, ...fields };
        note(known.table, known.row, row);
        seen.set(id, { table: known.table, row });
      }
      return db.patch(id, fields);
    }) as Writer["patch"],
    delete: ((id: never) => {
      const known = seen.get(id);
      if (known) note(known.table, known.row, undefined);
      return db.delete(id);
    }) as Writer["delete"],
  };
  return { db: { ...db, ...watching }, written };
}

/** The part of Convex's queries that the core is run with (`js/wasm/requests.ts`). */
interface Scan extends AsyncIterable<Row> {
  withIndex(...args: unknown[]): Scan;
  order(order: string): Scan;
}

function seeing(scan: Scan, see: (row: Row) => void): Scan {
  return {
    withIndex: (...args) => seeing(scan.withIndex(...args), see),
    order: (order) => seeing(scan.order(order), see),
    [Symbol.asyncIterator]() {
      const rows = scan[Symbol.asyncIterator]();
      return {
        async next() {
          const next = await rows.next();
          if (next.done !== true) see(next.value);
          return next;
        },
        ...(rows.return && {
          return: (value: unknown) => rows.return?.(value) as Promise<IteratorResult<Row>>,
        }),
      };
    },
  };
}

/** What the core keeps in a row for itself (`crates/gate-core/src/rows/row.rs`). */
const INTERNAL: ReadonlySet<string> = new Set(["gateIndexed", "_creationTime"]);

/** A row as it leaves the core: `_id` is our own id too, and Convex's fields stay inside. */
function outward(row: Row): Row {
  const kept = Object.entries(row).filter(([field]) => !INTERNAL.has(field));
  return { ...Object.fromEntries(kept), _id: row["id"] ?? row["_id"] };
}
