/** Carries out the core's requests on a Convex database: scans, single rows, writes. Knows nothing of their meaning. */
import type { AnyDataModel, GenericDatabaseReader, GenericDatabaseWriter } from "convex/server";
import type { GenericId } from "convex/values";
import { GateError } from "../errors/index.js";
import { indexValue } from "./json.js";
import { lettersIn } from "./letters.js";
import type { IndexRange, Request } from "./protocol.js";

type Reader = GenericDatabaseReader<AnyDataModel>;
type Writer = GenericDatabaseWriter<AnyDataModel>;
type Row = Record<string, unknown>;
type Rows = AsyncIterator<Row>;

interface Scan {
  readonly table: string;
  readonly rows: Rows;
}

/** Runs requests one by one or side by side; an open scan lives until `close`. */
export interface RequestRunner {
  readonly run: (request: Request) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Has an operation run soon, in a transaction of its own. */
export type Later = (operation: Record<string, unknown>) => Promise<unknown>;

/** A runner over the database of one function call. */
export function createRequestRunner(db: Reader | Writer, later?: Later): RequestRunner {
  const scans = new Map<number, Scan>();

  const run = async (request: Request): Promise<unknown> => {
    if ("scan" in request) {
      const { scan, table, index, range, order, take } = request.scan;
      const opened = { table, rows: openScan(db, table, index ?? null, range, order) };
      scans.set(scan, opened);
      return pull(opened, take);
    }
    if ("next" in request) {
      const opened = scans.get(request.next.scan);
      if (!opened)
        throw new GateError("INTERNAL_FAULT", "the core asked for a scan that is not open");
      return pull(opened, request.next.take);
    }
    if ("later" in request) {
      await later?.(request.later.operation);
      return null;
    }
    const writer = requireWriter(db);
    if ("insert" in request) {
      const { table, record } = request.insert;
      return writer.insert(table, record).catch(tooLarge(table));
    }
    if ("patch" in request) {
      const { table, doc, fields } = request.patch;
      await writer.patch(doc as GenericId<string>, fields).catch(tooLarge(table));
      return null;
    }
    await writer.delete(request.delete.doc as GenericId<string>);
    return null;
  };

  const close = async (): Promise<void> => {
    // Ending an iterator early tells Convex that the rest of its range was not read.
    await Promise.all([...scans.values()].map(({ rows }) => rows.return?.()));
  };

  return { run, close };
}

function openScan(
  db: Reader,
  table: string,
  index: string | null,
  range: IndexRange,
  order: "asc" | "desc",
): Rows {
  const query = db.query(table);
  const ordered =
    index === null
      ? query.order(order)
      : query
          .withIndex(
            index as never,
            (q) => applyRange(q as unknown as RangeBuilder, range) as never,
          )
          .order(order);
  return ordered[Symbol.asyncIterator]();
}

/** Convex's range builder without its types, which know one table and allow each step only once. */
interface RangeBuilder {
  eq(field: string, value: unknown): RangeBuilder;
  gt(field: string, value: unknown): RangeBuilder;
  gte(field: string, value: unknown): RangeBuilder;
  lt(field: string, value: unknown): RangeBuilder;
  lte(field: string, value: unknown): RangeBuilder;
}

function applyRange(start: RangeBuilder, range: IndexRange): RangeBuilder {
  let q = start;
  for (const [field, value] of range.eq) q = q.eq(field, indexValue(value));
  if (range.lower) {
    const [field, { value, inclusive }] = range.lower;
    q = inclusive ? q.gte(field, indexValue(value)) : q.gt(field, indexValue(value));
  }
  if (range.upper) {
    const [field, { value, inclusive }] = range.upper;
    q = inclusive ? q.lte(field, indexValue(value)) : q.lt(field, indexValue(value));
  }
  return q;
}

/**
 * Letters after which no more rows are pulled at once, as in `crates/gate-testkit/src/memory/pulled.rs`: the core only
 * learns what rows weigh when it has them. Index entries it asks for all at once, those of one row.
 */
const ENOUGH_LETTERS = 256 * 1024;
const ENTRIES = "gateEntries";

async function pull({ table, rows }: Scan, take: number): Promise<{ rows: Row[]; done: boolean }> {
  const pulled: Row[] = [];
  let letters = 0;
  while (pulled.length < take && letters < ENOUGH_LETTERS) {
    const next = await rows.next();
    if (next.done === true) return { rows: pulled, done: true };
    pulled.push(next.value);
    if (table !== ENTRIES) letters += lettersIn(next.value);
  }
  return { rows: pulled, done: false };
}

/** Only Convex sees how large a row is with what is in it already; its error has no code but these words (1.48). */
function tooLarge(table: string): (error: unknown) => never {
  return (error) => {
    const words = error instanceof Error ? error.message : "";
    if (!/is too (large|long|nested) \(|has too many fields/.test(words)) throw error;
    throw new GateError(
      "VALUE_TOO_LARGE",
      `a row of \`${table}\` cannot hold this: Convex holds 1 MiB in a row, 8,192 items in a list and 16 levels`,
      { meta: { model: table }, cause: error },
    );
  };
}

function requireWriter(db: Reader | Writer): Writer {
  if ("insert" in db) return db;
  throw new GateError("READ_ONLY_CONTEXT", "this operation writes and a Convex query cannot");
}
