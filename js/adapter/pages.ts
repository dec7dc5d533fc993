/**
 * Work of any size from an action: one component call a page. The core decides where a page ends; what fits on the first
 * is one call, as anywhere else.
 */
import { compareValues } from "convex/values";
import type { Value } from "convex/values";
import type { ConvexGateArguments, ConvexGateMethod, ConvexGateStoreRecord } from "./store.js";
import { paced } from "./write-pace.js";

/** The methods whose work may be larger than a transaction. */
const pagedMethods: ReadonlySet<ConvexGateMethod> = new Set([
  "count",
  "delete",
  "deleteMany",
  "findMany",
  "updateMany",
]);

interface Part {
  part: unknown;
  next: string;
  ordered?: boolean;
}

/** True for a method that an action does in pages. */
export function isPaged(method: ConvexGateMethod): boolean {
  return pagedMethods.has(method);
}

/**
 * Calls page after page. Each page of a write is a transaction of its own: when one fails, what the pages before it did
 * stays done.
 */
export async function inPages<M extends ConvexGateMethod>(
  method: M,
  args: ConvexGateArguments[M],
  call: (args: object) => Promise<unknown>,
): Promise<unknown> {
  if (method !== "findMany") {
    const writes = method !== "count";
    const next = (page: string): Promise<unknown> => call({ ...args, page });
    return totalOfPages(writes ? (page) => paced(() => next(page)) : next);
  }
  const first = await call({ ...args, page: "" });
  if (!isPart(first)) return first;
  return listInPages(args as ConvexGateArguments["findMany"], first, call);
}

/** Calls page after page and adds up what each says. */
export async function totalOfPages(call: (page: string) => Promise<unknown>): Promise<unknown> {
  let total = 0;
  let answer = await call("");
  while (isPart(answer)) {
    total += typeof answer.part === "number" ? answer.part : 0;
    answer = await call(answer.next);
  }
  return typeof answer === "number" ? total + answer : answer;
}

async function listInPages(
  args: ConvexGateArguments["findMany"],
  first: Part,
  call: (args: object) => Promise<unknown>,
): Promise<ConvexGateStoreRecord[]> {
  const { limit = 100, offset = 0, sortBy, select, join = [] } = args;
  const ordered = first.ordered === true;
  const wanted = ordered ? limit : offset + limit;
  let rows: ConvexGateStoreRecord[] = [];
  let answer: unknown = first;
  for (;;) {
    rows = rows.concat((isPart(answer) ? answer.part : answer) as ConvexGateStoreRecord[]);
    if (!ordered && sortBy) rows = inOrder(rows, sortBy).slice(0, wanted);
    if (!isPart(answer) || (ordered && rows.length >= wanted)) break;
    const left = ordered ? wanted - rows.length : limit;
    answer = await call({ ...args, limit: left, page: answer.next });
  }
  if (ordered) return rows;
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

function isPart(answer: unknown): answer is Part {
  return (
    typeof answer === "object" && answer !== null && !Array.isArray(answer) && "next" in answer
  );
}
