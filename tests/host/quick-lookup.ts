/**
 * `convex-test` looks at every document of every table for each query, which is too slow for tables of thousands. Here
 * documents are kept by table and by the strings in their fields, so that a range that begins with an equality looks at
 * those with that value. What a query gives is decided by `convex-test` itself, as before. And a document that Convex
 * would not store is refused.
 */

import { checkDocument } from "./limits.js";
import type { TestState } from "./test-state.js";
import { stateOf } from "./test-state.js";

/** The members of `convex-test`'s database that are used (0.0.60). */
interface Database {
  get(table: string, id: string): Document | null;
  _addWrite(id: string, value: Document | null): void;
  _iterateDocs(table: string, callback: (document: Document) => void): void;
  _resolveQuerySource(query: { source: Source }): unknown;
}

type Document = Record<string, unknown>;
type Source = {
  type: string;
  range?: readonly { type: string; fieldPath: string; value: unknown }[];
};

/** The ids of a table's documents. None is ever taken out: a document that changed is looked at once more in vain. */
interface Ids {
  all: Set<string>;
  byValue: Map<string, Set<string>>;
}

/** Makes the lookups of a `convex-test` instance quick, before anything is written. `run` is its method. */
export async function makeLookupsQuick(
  run: (handler: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { components } = await stateOf<TestState<Database>>(run);
  for (const { db } of Object.values(components)) quicken(db);
}

function quicken(db: Database): void {
  const tables = new Map<string, Ids>();
  let source: Source | undefined;
  const { _addWrite, _resolveQuerySource } = db;

  db._addWrite = (id, value) => {
    const table = /^\d+(\D.*)$/.exec(id)?.[1] ?? "";
    // Here alone a changed document is seen whole before it is stored.
    if (value !== null && !table.startsWith("_")) checkDocument(value);
    _addWrite.call(db, id, value);
    const ids = tables.get(table) ?? { all: new Set(), byValue: new Map<string, Set<string>>() };
    tables.set(table, ids);
    ids.all.add(id);
    for (const [field, content] of Object.entries(value ?? {})) {
      if (typeof content !== "string") continue;
      const key = keyOf(field, content);
      const same = ids.byValue.get(key);
      if (same) same.add(id);
      else ids.byValue.set(key, new Set([id]));
    }
  };
  db._resolveQuerySource = (query) => {
    ({ source } = query);
    try {
      return _resolveQuerySource.call(db, query);
    } finally {
      source = undefined;
    }
  };
  db._iterateDocs = (table, callback) => {
    for (const id of candidates(tables.get(table), source)) {
      const document = db.get(table, id);
      if (document !== null) callback(document);
    }
  };
}

function candidates(ids: Ids | undefined, source: Source | undefined): Iterable<string> {
  if (!ids) return [];
  let fewest = ids.all;
  for (const { type, fieldPath, value } of source?.range ?? []) {
    if (type !== "Eq" || typeof value !== "string") continue;
    const same = ids.byValue.get(keyOf(fieldPath, value));
    if (!same) return [];
    if (same.size < fewest.size) fewest = same;
  }
  return fewest;
}

function keyOf(field: string, value: string): string {
  return `${field} ${value}`;
}
