/**
 * What the reads of a request have told: rows as they are, and filters of which all rows are known. Own writes change it as
 * they change the rows, or make it forget. It is only ever an expectation: see `docs/component-calls.md`.
 */
import type {
  ConvexGateArguments,
  ConvexGateClause,
  ConvexGateJoin,
  ConvexGateMethod,
  ConvexGateResults,
  ConvexGateRules,
  ConvexGateStoreRecord as Row,
} from "../store.js";
import { reachedBy } from "../trigger-protocol.js";
import { accepts, isConjunction, pins } from "./row-match.js";

/** Rows kept at most; a request that reads more has another use for its memory. */
const MOST_ROWS = 250;

/** Better Auth's own default (1.7) where a list has no limit. */
const DEFAULT_LIMIT = 100;

const deletions: ReadonlySet<ConvexGateMethod> = new Set(["delete", "deleteMany", "consumeOne"]);

type Args<M extends ConvexGateMethod = ConvexGateMethod> = ConvexGateArguments[M];
type Where = readonly ConvexGateClause[];

/** The knowledge of one request, or of one transaction in it. */
export interface Knowledge {
  /** Takes in what a read gave. */
  learn<M extends ConvexGateMethod>(method: M, args: Args<M>, result: ConvexGateResults[M]): void;
  /** What an operation would give by all that is known; undefined where that does not tell. */
  foresee<M extends ConvexGateMethod>(
    method: M,
    args: Args<M>,
  ): { readonly result: ConvexGateResults[M] } | undefined;
  /** Takes in a write of the request itself, with its result if that is known. Gives the tables that it may have changed. */
  wrote<M extends ConvexGateMethod>(
    method: M,
    args: Args<M>,
    told?: { readonly result: ConvexGateResults[M] },
  ): ReadonlySet<string>;
  /** The same knowledge, to go on with by itself. */
  copy(): Knowledge;
  forget(tables?: Iterable<string>): void;
}

/** What is known of one table. */
interface Table {
  /** By id; null for a row that the request has deleted. */
  rows: Map<string, Row | null>;
  /** Filters of which every row is among those. */
  whole: Where[];
  /** By filter, the id of the row that the component takes first. */
  first: Map<string, string>;
  /** Fields that no two rows have in common. Only writes tell. */
  unique: readonly string[][];
}

/** Begins with no knowledge. */
export function createKnowledge(tables = new Map<string, Table>()): Knowledge {
  const of = (name: string): Table => {
    const known = tables.get(name) ?? { rows: new Map(), whole: [], first: new Map(), unique: [] };
    tables.set(name, known);
    return known;
  };

  function learnRows(name: string, rows: readonly Row[]): void {
    const table = of(name);
    for (const row of rows)
      if (typeof row["id"] === "string") table.rows.set(row["id"], copyOf(row));
    if (table.rows.size > MOST_ROWS) tables.delete(name);
  }

  /** Takes in that these are all rows that the filter accepts: what was taken for another one is so no longer. */
  function learnWhole(name: string, where: Where, rows: readonly Row[]): void {
    if (!isConjunction(where)) return;
    const table = of(name);
    const ids = new Set(rows.map((row) => row["id"]));
    for (const [id, row] of table.rows)
      if (row && !ids.has(id) && accepts(where, row) !== false) table.rows.delete(id);
    table.whole.push(where);
  }

  function learnJoined(rows: readonly Row[], join: readonly ConvexGateJoin[]): Row[] {
    return rows.map((row) => {
      const own = { ...row };
      for (const { as, table, from, to, limit, relation } of join) {
        const value = own[as];
        Reflect.deleteProperty(own, as);
        const joined = (Array.isArray(value) ? value : value ? [value] : []) as Row[];
        learnRows(table, joined);
        const isWhole = relation === "one-to-one" ? joined.length === 0 : joined.length < limit;
        if (isWhole && (row[from] ?? null) !== null)
          learnWhole(table, [{ field: to, value: row[from] }], joined);
      }
      return own;
    });
  }

  /** Every row that the filter accepts; undefined where there may be others. */
  function matching(name: string, where: Where, rules?: ConvexGateRules): Row[] | undefined {
    const table = tables.get(name);
    if (!table) return undefined;
    const unique = rules?.unique ?? table.unique;
    const found: Row[] = [];
    for (const row of table.rows.values()) {
      const accepted = row === null ? false : accepts(where, row);
      if (accepted === undefined) return undefined;
      if (accepted) found.push(row as Row);
    }
    const isAll =
      (isConjunction(where) &&
        where.some((clause) => isId(clause) && table.rows.has(clause.value as string))) ||
      (found.length === 1 && unique.some((fields) => pins(where, fields))) ||
      (isConjunction(where) && table.whole.some((known) => isPartOf(known, where)));
    return isAll ? found : undefined;
  }

  /** The row that the component would take; null for none. */
  function first(name: string, where: Where, rules?: ConvexGateRules): Row | null | undefined {
    const found = matching(name, where, rules);
    if (found) return found.length > 1 ? undefined : (found[0] ?? null);
    const table = tables.get(name);
    return table?.rows.get(table.first.get(textOf(where)) ?? "");
  }

  return {
    learn(method, args, result) {
      const { model, where = [] } = args as { model: string; where?: Where };
      if (method === "count") {
        if (result === 0) learnWhole(model, where, []);
        return;
      }
      const { select, join = [], offset = 0, limit = DEFAULT_LIMIT } = args as Args<"findMany">;
      if (select || offset > 0) return;
      const given = (method === "findMany" ? result : result === null ? [] : [result]) as Row[];
      if (given.length > MOST_ROWS) return;
      const rows = learnJoined(given, join);
      learnRows(model, rows);
      if (rows.length < (method === "findMany" ? limit : 1)) learnWhole(model, where, rows);
      const isUnordered = method === "findOne" || !(args as Args<"findMany">).sortBy;
      const [row] = rows;
      if (isUnordered && row && typeof row["id"] === "string")
        tables.get(model)?.first.set(textOf(where), row["id"]);
    },

    foresee(method, args) {
      const result = foreseen(method, args as never);
      return result === undefined ? undefined : { result: result as never };
    },

    wrote(method, given, told) {
      const args = given as Partial<Args<"create"> & Args<"update"> & Args<"incrementOne">>;
      const { model = "", rules, where = [], data } = args;
      if (data) {
        const table = of(model);
        table.first.clear();
        if (rules?.unique) table.unique = rules.unique;
        learnRows(model, [createdRow(data)]);
        return new Set([model]);
      }
      const isDeletion = deletions.has(method);
      const isOne = method === "consumeOne" || method === "incrementOne";
      const isNothing =
        told && (told.result === 0 || (told.result === null && method !== "delete"));
      const rows = isOne ? listed(first(model, where, rules)) : matching(model, where, rules);
      // What was done counts, and not what was expected.
      if (isNothing || (rows?.length === 0 && (!told || method === "delete"))) return new Set();
      const changed = changedBy(method, given);
      const table = of(model);
      table.first.clear();
      for (const other of changed) if (other !== model) tables.delete(other);
      const refersToItself =
        isDeletion &&
        rules?.references?.some((each) => each.model === model && each.target === model);
      if (!rows?.length || refersToItself || "id" in { ...args.update, ...args.set }) {
        tables.delete(model);
        // An update gives the first of the rows that it has changed.
        const row = told?.result;
        if (!isDeletion && typeof row === "object" && row !== null) learnRows(model, [row as Row]);
        return changed;
      }
      for (const each of rows) {
        const id = each["id"] as string;
        table.rows.set(id, isDeletion ? null : changedRow(each, args));
      }
      // One that has come under a filter of which every row was known is known as well.
      return changed;
    },

    copy: () =>
      createKnowledge(
        new Map(
          [...tables].map(([name, { rows, whole, first, unique }]) => [
            name,
            { rows: new Map(rows), whole: [...whole], first: new Map(first), unique },
          ]),
        ),
      ),

    forget(names) {
      if (!names) tables.clear();
      else for (const name of names) tables.delete(name);
    },
  };

  function foreseen(method: ConvexGateMethod, args: Args<"update"> & Args<"findMany">): unknown {
    const { model, where = [], rules, select, join } = args;
    switch (method) {
      case "findOne":
      case "consumeOne": {
        if (select || join) return undefined;
        const row = first(model, where, rules);
        return row && copyOf(row);
      }
      case "findMany": {
        const { limit = DEFAULT_LIMIT, offset = 0, sortBy } = args;
        if (select || join || offset > 0) return undefined;
        const rows = matching(model, where);
        // In which order several come, only the component knows.
        if (rows) return rows.length > 1 ? undefined : rows.slice(0, limit).map(copyOf);
        const row = limit === 1 && !sortBy ? first(model, where) : undefined;
        return row && [copyOf(row)];
      }
      case "count":
      case "updateMany":
      case "deleteMany":
        return matching(model, where, rules)?.length;
      case "update": {
        const rows = matching(model, where, rules);
        if (!rows || rows.length > 1) return undefined;
        return rows[0] ? changedRow(rows[0], args) : null;
      }
      case "incrementOne": {
        const row = first(model, where, rules);
        return row && changedRow(row, args as never);
      }
      default:
        return undefined;
    }
  }
}

/** The tables that a write may change, whatever is stored. */
export function changedBy<M extends ConvexGateMethod>(method: M, args: Args<M>): Set<string> {
  const { model, rules } = args as Args<"delete">;
  return deletions.has(method) ? reachedBy(model, rules?.references) : new Set([model]);
}

/** The tables that a read looks into. */
export function readBy<M extends ConvexGateMethod>(args: Args<M>): string[] {
  const { model, join = [] } = args as Args<"findMany">;
  return [model, ...join.map(({ table }) => table)];
}

function listed(row: Row | null | undefined): Row[] | undefined {
  return row === undefined ? undefined : row === null ? [] : [row];
}

function isId({ field, operator = "eq", mode = "sensitive" }: ConvexGateClause): boolean {
  return field === "id" && operator === "eq" && mode === "sensitive";
}

function createdRow(data: Row): Row {
  return { ...defined(data), _id: data["id"] };
}

function changedRow(row: Row, args: Partial<Args<"update"> & Args<"incrementOne">>): Row {
  const { update = {}, set = {}, increment = {} } = args;
  const sums = Object.entries(increment).map(([field, delta]) => [
    field,
    ((row[field] as number | null | undefined) ?? 0) + delta,
  ]);
  return { ...copyOf(row), ...defined(update), ...defined(set), ...Object.fromEntries(sums) };
}

function defined(row: Row): Row {
  return Object.fromEntries(Object.entries(copyOf(row)).filter(([, value]) => value !== undefined));
}

/** The caller may change the lists of a row that it is given. */
function copyOf(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      field,
      Array.isArray(value) ? [...(value as unknown[])] : value,
    ]),
  );
}

/** True when each clause of the one is one of the other's, which then accepts no row that the first does not. */
function isPartOf(known: Where, where: Where): boolean {
  const clauses = new Set(where.map((clause) => textOf([clause])));
  return known.every((clause) => clauses.has(textOf([clause])));
}

function textOf(where: Where): string {
  return JSON.stringify(
    where.map(({ field, value, operator = "eq", connector = "AND", mode = "sensitive" }) => [
      field,
      value,
      operator,
      where.length > 1 ? connector : "AND",
      mode,
    ]),
  );
}
