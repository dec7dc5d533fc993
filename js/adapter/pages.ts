/**
 * Work of any size from an action: one component call a page. The core decides where a page ends; what fits on the first
 * is one call, as anywhere else.
 */
import { compareValues } from "convex/values";
import type { Value } from "convex/values";
import { createListMemory } from "./list-memory.js";
import type { ListMemory } from "./list-memory.js";
import type { ConvexGateArguments, ConvexGateMethod, ConvexGateStoreRecord } from "./store.js";
import { isPart, totalOfPages } from "./parts.js";
import { limitExceeded } from "./refusals.js";

/** The methods whose work may be larger than a transaction. */
const pagedMethods: ReadonlySet<ConvexGateMethod> = new Set([
  "count",
  "delete",
  "deleteMany",
  "findMany",
  "updateMany",
]);

/** Rows that one answer of the component holds: Convex (1.48) allows 8,192 items in a list. */
const MOST_ROWS = 8_000;

/** Pages that a read takes at most in an action, each of about 2,000 documents: minutes, of the ten that Convex allows. */
const MOST_PAGES = 1_000;

/** The same where all of them are one transaction, in which Convex (1.48) reads 32,000 documents. */
const MOST_PAGES_AT_ONCE = 13;

/** True for a list that may be longer than one answer: in a query too it comes in parts, all of one transaction. */
export function isLongList(method: ConvexGateMethod, args: object): boolean {
  const { limit = 0, offset = 0 } = args as { limit?: number; offset?: number };
  return method === "findMany" && limit + offset > MOST_ROWS;
}

/** True for a method that an action does in pages. */
export function isPaged(method: ConvexGateMethod): boolean {
  return pagedMethods.has(method);
}

/** How pages are read. */
export interface PageOptions {
  /** All pages are read in one transaction. */
  readonly atOnce?: boolean;
  /** Counts the rows of the list that the pages are a part of. */
  readonly memory?: ListMemory;
}

/**
 * Calls page after page. Each page of a write is a transaction of its own: when one fails, what the pages before it did
 * stays done.
 *
 * @throws GateError `LIMIT_EXCEEDED` for a read that would take too many pages, and for a list that takes too much memory.
 */
export async function inPages<M extends ConvexGateMethod>(
  method: M,
  args: ConvexGateArguments[M],
  call: (args: object) => Promise<unknown>,
  { atOnce = false, memory = createListMemory() }: PageOptions = {},
): Promise<unknown> {
  if (method === "findMany") {
    const next = bounded(call, atOnce);
    const first = await next({ ...args, page: "" });
    return listInPages(args as ConvexGateArguments["findMany"], first, next, memory);
  }
  const next = (page: string): Promise<unknown> => call({ ...args, page });
  return totalOfPages(method === "count" ? bounded(next, atOnce) : next);
}

/** A call that refuses to be made too often. */
function bounded<A>(
  call: (args: A) => Promise<unknown>,
  atOnce: boolean,
): (args: A) => Promise<unknown> {
  const most = atOnce ? MOST_PAGES_AT_ONCE : MOST_PAGES;
  let pages = 0;
  return (args) => {
    pages += 1;
    if (pages <= most) return call(args);
    throw limitExceeded(
      atOnce
        ? `this reads more than ${String(most)} pages of the table in one transaction: call it from an action, or narrow it with a filter that an index answers`
        : `this reads more than ${String(most)} pages of the table: narrow it with a filter that an index answers; a part of a text is found by one with the option \`search\``,
      { limit: "pages read", most },
    );
  };
}

async function listInPages(
  args: ConvexGateArguments["findMany"],
  first: unknown,
  call: (args: object) => Promise<unknown>,
  memory: ListMemory,
): Promise<ConvexGateStoreRecord[]> {
  if (!isPart(first)) {
    memory.add(first as ConvexGateStoreRecord[]);
    return first as ConvexGateStoreRecord[];
  }
  const { limit = 100, offset = 0, sortBy, select, join = [] } = args;
  const ordered = first.ordered === true;
  const wanted = ordered ? limit : offset + limit;
  let rows: ConvexGateStoreRecord[] = [];
  let answer: unknown = first;
  for (;;) {
    const more = (isPart(answer) ? answer.part : answer) as ConvexGateStoreRecord[];
    memory.add(more);
    rows = rows.concat(more);
    if (!ordered && sortBy && rows.length > wanted) {
      rows = inOrder(rows, sortBy).slice(0, wanted);
      memory.keep(rows);
    }
    if (!isPart(answer) || (ordered && rows.length >= wanted)) break;
    const left = ordered ? wanted - rows.length : limit;
    answer = await call({ ...args, limit: left, page: answer.next });
  }
  if (ordered) return rows;
  if (sortBy) rows = inOrder(rows, sortBy);
  // Pages that are not in order come whole, since the field that orders them need not be one of the selected.
  const kept = select && [...select, ...join.map(({ as }) => as)];
  return rows.slice(offset).map((row) => (kept ? pick(row, kept) : row));
}

/** A stable sort by Convex's own order of values; a row without the field comes first, as in an index. */
export function inOrder(
  rows: ConvexGateStoreRecord[],
  { field, direction }: NonNullable<ConvexGateArguments["findMany"]["sortBy"]>,
): ConvexGateStoreRecord[] {
  const sign = direction === "asc" ? 1 : -1;
  return rows.toSorted(
    (a, b) => sign * compareValues(a[field] as Value | undefined, b[field] as Value | undefined),
  );
}

/** The same row with these of its fields. */
export function pick(row: ConvexGateStoreRecord, kept: readonly string[]): ConvexGateStoreRecord {
  return Object.fromEntries(Object.entries(row).filter(([field]) => kept.includes(field)));
}
