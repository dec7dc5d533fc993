/** A fake of the component, simple enough to be seen to be right: rows in arrays, one call after the other. */
import { GateError } from "../../../../js/errors/index.js";
import type {
  ConvexGateArguments,
  ConvexGateClause,
  ConvexGateJoin,
  ConvexGateMethod,
  ConvexGateStep,
  ConvexGateStore,
  ConvexGateStoreRecord as Row,
} from "../../../../js/adapter/index.js";

/** Every row, by table. */
export type Tables = Record<string, Row[]>;

/** A store over tables that a test may look at, change and copy. */
export interface NaiveStore {
  readonly store: ConvexGateStore & Required<Pick<ConvexGateStore, "log">>;
  tables: Tables;
  /** Called before each call, and after it. */
  before: () => void;
  after: () => void;
}

export function createNaiveStore(tables: Tables): NaiveStore {
  const naive: NaiveStore = {
    tables,
    before: () => undefined,
    after: () => undefined,
    store: {
      tokens: {} as never,
      run: (method, args) => called(() => perform(naive.tables, method, args) as never),
      log: {
        commit: (log) =>
          called(() => {
            const tables = structuredClone(naive.tables);
            const results = replay(tables, log);
            naive.tables = tables;
            return results;
          }),
        speculate: (log) => called(() => replay(structuredClone(naive.tables), log)),
      },
    },
  };
  return naive;

  async function called<T>(work: () => T): Promise<T> {
    naive.before();
    try {
      return structuredClone(work());
    } finally {
      naive.after();
    }
  }
}

function replay(tables: Tables, log: readonly ConvexGateStep[]): unknown[] {
  return log.map(({ operation, expect }) => {
    const [[method, args] = ["", {}]] = Object.entries(operation);
    const result = perform(tables, method as ConvexGateMethod, args as never);
    if (expect !== undefined && text(expect) !== text(result))
      throw new GateError("CONFLICT", "another result");
    return result;
  });
}

/** Does one operation and gives its result; a refused one throws and has changed nothing. */
export function perform<M extends ConvexGateMethod>(
  tables: Tables,
  method: M,
  given: ConvexGateArguments[M],
): unknown {
  const args = given as ConvexGateArguments["update"] &
    ConvexGateArguments["create"] &
    ConvexGateArguments["incrementOne"] &
    ConvexGateArguments["findMany"];
  const { model, rules, limit = 100, offset = 0, sortBy } = args;
  const rows = (tables[model] ??= []);
  // As an index has them: a new row may be the first.
  const found = rows
    .filter((row) => matches(args.where ?? [], row))
    .sort((a, b) => (String(a["id"]) < String(b["id"]) ? -1 : 1));
  switch (method) {
    case "create": {
      const row: Row = { ...args.data, _id: args.data["id"] };
      check(tables, model, [row], rules);
      rows.push(row);
      return row;
    }
    case "findOne":
      return found[0] ? joined(tables, found[0], args.join) : null;
    case "findMany":
      if (sortBy) found.sort((a, b) => Number(b[sortBy.field]) - Number(a[sortBy.field]));
      return found.slice(offset, offset + limit).map((row) => joined(tables, row, args.join));
    case "count":
      return found.length;
    case "update":
    case "updateMany":
      change(tables, args, found, () => args.update);
      return method === "update" ? (found[0] ?? null) : found.length;
    case "incrementOne":
      change(tables, args, found.slice(0, 1), (row) => ({
        ...args.set,
        ...Object.fromEntries(
          Object.entries(args.increment).map(([field, by]) => [
            field,
            Number(row[field] ?? 0) + by,
          ]),
        ),
      }));
      return found[0] ?? null;
    default: {
      const doomed = method === "consumeOne" ? found.slice(0, 1) : found;
      for (const row of doomed) remove(tables, model, row, rules);
      return method === "deleteMany"
        ? doomed.length
        : method === "delete"
          ? null
          : (doomed[0] ?? null);
    }
  }
}

function joined(tables: Tables, row: Row, joins: ConvexGateJoin[] = []): Row {
  const result = { ...row };
  for (const { as, table, from, to, limit, relation } of joins) {
    const rows = (tables[table] ?? []).filter(
      (each) => (row[from] ?? null) !== null && each[to] === row[from],
    );
    result[as] = relation === "one-to-one" ? (rows[0] ?? null) : rows.slice(0, limit);
  }
  return result;
}

type Rules = ConvexGateArguments["create"]["rules"];

function change(
  tables: Tables,
  { model, rules }: { model: string; rules?: Rules },
  rows: Row[],
  to: (row: Row) => Row,
): void {
  const before = structuredClone(rows);
  try {
    for (const row of rows) Object.assign(row, to(row));
    check(tables, model, rows, rules);
  } catch (error) {
    rows.forEach((row, index) => Object.assign(row, before[index]));
    throw error;
  }
}

function check(tables: Tables, model: string, rows: Row[], rules: Rules): void {
  for (const row of rows) {
    for (const fields of [["id"], ...(rules?.unique ?? [])])
      if (
        fields.every((field) => (row[field] ?? null) !== null) &&
        tables[model]?.some(
          (other) => other !== row && fields.every((field) => other[field] === row[field]),
        )
      )
        throw new GateError("UNIQUE_CONSTRAINT", "taken");
    for (const { model: from, field, target, to } of rules?.references ?? [])
      if (
        from === model &&
        (row[field] ?? null) !== null &&
        !tables[target]?.some((other) => other[to] === row[field])
      )
        throw new GateError("FOREIGN_KEY_CONSTRAINT", "nowhere");
  }
}

function remove(tables: Tables, model: string, row: Row, rules: Rules): void {
  const rows = tables[model] ?? [];
  if (!rows.includes(row)) return;
  rows.splice(rows.indexOf(row), 1);
  for (const { model: from, field, target, to, onDelete } of rules?.references ?? []) {
    if (target !== model) continue;
    for (const child of (tables[from] ?? []).filter((each) => each[field] === row[to]))
      if (onDelete === "cascade") remove(tables, from, child, rules);
      else if (onDelete === "set null") child[field] = null;
  }
}

/** All of the one kind of clauses, and one at least of the other: as Better Auth's own adapters (1.7). */
function matches(where: readonly ConvexGateClause[], row: Row): boolean {
  const others = where.length > 1 ? where.filter(({ connector }) => connector === "OR") : [];
  return (
    where.every((clause) => others.includes(clause) || accepts(clause, row)) &&
    (others.length === 0 || others.some((clause) => accepts(clause, row)))
  );
}

function accepts(clause: ConvexGateClause, row: Row): boolean {
  const { field, value, operator = "eq", mode } = clause;
  const stored = row[field] ?? null;
  if (mode === "insensitive") return String(stored).toLowerCase() === String(value).toLowerCase();
  if (operator === "eq") return stored === value;
  if (stored === null || value === null)
    return operator === "ne" && stored !== value && stored !== null;
  switch (operator) {
    case "ne":
      return stored !== value;
    case "lt":
      return Number(stored) < Number(value);
    case "lte":
      return Number(stored) <= Number(value);
    case "in":
      return (value as unknown[]).includes(stored);
    default:
      throw new Error(`no operator ${operator}`);
  }
}

/** A result as text, whatever the order of its fields; `_id` is the id once more. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each)
            .filter(([field, member]) => field !== "_id" && member !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : each,
  );
}
