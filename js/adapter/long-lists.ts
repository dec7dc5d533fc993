/**
 * Filters by lists of thousands. Convex passes lists of 8,192 at most, and reads at most 4,096 ranges of an index in one
 * transaction: past 3,500 values the core reads the table instead, up to 10,000 rows of it.
 */
import { MOST_ITEMS } from "./limits.js";
import { nativeIndexes } from "./native-indexes.js";
import { inOrder, pick } from "./pages.js";
import { forbids } from "./reached.js";
import type {
  ConvexGateArguments,
  ConvexGateClause,
  ConvexGateMethod,
  ConvexGateRules,
  ConvexGateStoreRecord,
} from "./store.js";

/** How many values are left to the core to look up, and of how many it gets through on one page. */
const NATIVE = { most: 2_000, ofACall: 1_000 };
/** The same where an entry leads to each row, so that there are two look-ups for a value. */
const BY_ENTRIES = { most: 500, ofACall: 500 };

/**
 * The same arguments with no list longer than Convex passes, if that can be: `not_in` a list is not in each of its parts,
 * and `in` is in one of them, which takes the place of the OR clauses. A list that is left fails with `LIMIT_EXCEEDED`.
 */
export function withShortLists<A extends object>(args: A): A {
  const { where } = args as { where?: ConvexGateClause[] };
  if (!where?.some((clause) => values(clause).length > MOST_ITEMS)) return args;
  let either = where.some((clause) => isOr(clause, where));
  const short = where.flatMap((clause) => {
    const list = [...new Set(values(clause))];
    if (values(clause).length <= MOST_ITEMS || isOr(clause, where)) return clause;
    const isIn = clause.operator === "in";
    if (isIn && list.length > MOST_ITEMS) {
      if (either) return clause;
      either = true;
    }
    return slices(list, MOST_ITEMS).map((value, _index, all) => ({
      ...clause,
      value,
      connector: isIn && all.length > 1 ? "OR" : "AND",
    }));
  });
  return { ...args, where: short };
}

/**
 * Where an index leads to the rows of a long list, looks its values up in several calls, and reads no more than those rows.
 * `undefined` where that is no help. As with pages, each call of a write is a transaction of its own.
 */
export function inShortLists<M extends ConvexGateMethod>(
  method: M,
  args: ConvexGateArguments[M],
  call: (args: ConvexGateArguments[M]) => Promise<unknown>,
): Promise<unknown> | undefined {
  const { model, where = [] } = args as { model: string; where?: ConvexGateClause[] };
  const { most, ofACall } = nativeIndexes[model] === undefined ? BY_ENTRIES : NATIVE;
  const long = where.find(
    (clause) =>
      clause.operator === "in" &&
      values(clause).length > most &&
      // Else one row may have a value of two parts, and no index is of use.
      clause.mode !== "insensitive" &&
      !isOr(clause, where) &&
      isIndexed(model, clause, where),
  );
  if (!long || isRestricted(method, args as { rules?: ConvexGateRules })) return undefined;
  let list = values(long);
  // Rows that an update moves to another value of the list must not be met again there.
  if ("update" in args && args.update[long.field] !== undefined) {
    const moved = args.update[long.field];
    if (list.includes(moved)) list = [moved, ...list];
  }
  const parts = slices([...new Set(list)], ofACall).map((value) => ({
    ...args,
    where: where.map((clause) => (clause === long ? { ...long, value } : clause)),
  }));
  if (method === "findMany")
    return listed(parts as ConvexGateArguments["findMany"][], call as never);
  return total(parts, call);
}

async function total<A>(parts: A[], call: (args: A) => Promise<unknown>): Promise<number | null> {
  let sum: number | null = null;
  for (const part of parts) {
    const answer = await call(part);
    if (typeof answer === "number") sum = (sum ?? 0) + answer;
  }
  return sum;
}

async function listed(
  parts: ConvexGateArguments["findMany"][],
  call: (args: ConvexGateArguments["findMany"]) => Promise<ConvexGateStoreRecord[]>,
): Promise<ConvexGateStoreRecord[]> {
  const { limit = 100, offset = 0, sortBy, select, join = [] } = parts[0] ?? { model: "" };
  const wanted = offset + limit;
  let rows: ConvexGateStoreRecord[] = [];
  for (const { select: _select, ...part } of parts) {
    if (!sortBy && rows.length >= wanted) break;
    const left = sortBy ? wanted : wanted - rows.length;
    rows = rows.concat(await call({ ...part, offset: 0, limit: left }));
    if (sortBy) rows = inOrder(rows, sortBy).slice(0, wanted);
  }
  const kept = select && [...select, ...join.map(({ as }) => as)];
  return rows.slice(offset).map((row) => (kept ? pick(row, kept) : row));
}

/** True for a deletion that references may forbid: they are looked for before anything goes, so it is one. */
function isRestricted(method: ConvexGateMethod, { rules }: { rules?: ConvexGateRules }): boolean {
  const references = method.startsWith("delete") ? (rules?.references ?? []) : [];
  return references.some(forbids);
}

/** True when an index of the component's schema begins with the field, or with fields of one value each and then this. */
function isIndexed(
  model: string,
  { field }: ConvexGateClause,
  where: readonly ConvexGateClause[],
): boolean {
  // Every table finds its rows by id.
  if (field === "id" || field === "_id") return true;
  const indexes = nativeIndexes[model]?.split(" ") ?? [];
  return indexes.some((index) => {
    const fields = index.split(",");
    const before = fields.slice(0, fields.indexOf(field));
    return fields.includes(field) && before.every((each) => isFixed(each, where));
  });
}

function isFixed(field: string, where: readonly ConvexGateClause[]): boolean {
  return where.some(
    (clause) => clause.field === field && clause.operator === "eq" && !isOr(clause, where),
  );
}

/** The list of a clause, empty where the operator takes none. */
function values({ operator, value }: ConvexGateClause): unknown[] {
  return (operator === "in" || operator === "not_in") && Array.isArray(value) ? value : [];
}

/** A single clause has nothing to be connected with. */
function isOr({ connector }: ConvexGateClause, where: readonly ConvexGateClause[]): boolean {
  return connector === "OR" && where.length > 1;
}

function slices<T>(list: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, index) =>
    list.slice(index * length, (index + 1) * length),
  );
}
