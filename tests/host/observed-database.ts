/** A database of `convex-test` whose reads are noted, and which can be shown as it was before. */
import type { Document, Order, Query, RangeRead, ReadSet } from "./read-set.js";

/** The members of `convex-test`'s database that are used (0.0.60). */
export interface ObservedDatabase {
  _writes: Record<string, Document | null>[];
  _documents: Record<string, Document>;
  get(table: string | undefined, id: string): Document | null;
  patch(table: string | undefined, id: string, value: object): void;
  replace(table: string | undefined, id: string, value: object): void;
  delete(table: string | undefined, id: string): void;
  _iterateDocs(table: string, callback: (document: Document) => void): void;
  _resolveQuerySource(query: Query): Order & object;
  startQuery(query: Query): number;
  queryNext(id: number): { value: Document | null; done: boolean };
  paginate(args: { query: Query }): unknown;
}

/** Notes what is read of a database, and shows it as it was when the transaction began. */
export function observe(
  db: ObservedDatabase,
  of: {
    reads: () => ReadSet | undefined;
    old: () => ReadonlyMap<string, Document | null> | undefined;
    /** Hears of a document that is about to be changed. */
    onChange: (id: string) => void;
  },
): void {
  const { get, _iterateDocs, _resolveQuerySource, startQuery, queryNext, paginate } = db;
  const open = new Map<number, { range: RangeRead; left: number }>();
  // A walk through candidates reads none of them: the range does.
  let walking = false;
  let order: Order = { fieldPathsToSortBy: [], order: "asc" };

  for (const write of ["patch", "replace", "delete"] as const) {
    const inner = db[write] as (...args: unknown[]) => void;
    db[write] = (...args: [table: string | undefined, id: string, ...rest: never[]]) => {
      of.onChange(args[1]);
      inner.apply(db, args);
    };
  }
  db.get = (table, id) => {
    if (!walking) of.reads()?.document(id);
    const stored = get.call(db, table, id);
    const old = of.old();
    if (!old?.has(id) || db._writes.some((level) => level[id] !== undefined)) return stored;
    return old.get(id) ?? null;
  };
  db._iterateDocs = (table, callback) => {
    walking = true;
    try {
      _iterateDocs.call(db, table, callback);
    } finally {
      walking = false;
    }
  };
  db._resolveQuerySource = (query) => {
    const resolved = _resolveQuerySource.call(db, query);
    order = resolved;
    return resolved;
  };
  db.startQuery = (query) => {
    const id = startQuery.call(db, query);
    const range = of.reads()?.range(query, order);
    if (range) open.set(id, { range, left: limitOf(query) });
    return id;
  };
  db.queryNext = (id) => {
    const next = queryNext.call(db, id);
    const query = open.get(id);
    if (query && next.value !== null) {
      query.range.consumed(next.value);
      query.left -= 1;
      // Past its limit a query does not look.
    } else if (query && query.left > 0) query.range.exhausted();
    return next;
  };
  db.paginate = (args) => {
    const page = paginate.call(db, args);
    of.reads()?.range(args.query, order).exhausted();
    return page;
  };
}

function limitOf({ operators }: Query): number {
  const limits = operators.filter((operator) => "limit" in operator) as { limit: number }[];
  return limits[0]?.limit ?? Infinity;
}
