/**
 * What the reads of a request have told: rows as they are, and filters of which all rows are known. Own writes change it as
 * they change the rows, or make it forget. It is only ever an expectation: see `docs/architecture.md`.
 */
import type {
  ConvexGateArguments,
  ConvexGateClause,
  ConvexGateJoin,
  ConvexGateMethod,
  ConvexGateResults,
  ConvexGateStoreRecord as Row,
} from "../store.js";
import { reachedBy } from "../reached.js";
import type { Table } from "./known-tables.js";
import { createKnownTables, textOf } from "./known-tables.js";
import { changedRow, copyOf, createdRow } from "./rows.js";

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

/** Begins with no knowledge. */
export function createKnowledge(tables: Map<string, Table> = new Map()): Knowledge {
  const { of, learnRows, learnWhole, learnJoined, matching, first } = createKnownTables(tables);

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
      const rows = learnJoined(given, join);
      if (rows.length < (method === "findMany" ? limit : 1)) learnWhole(model, where, rows);
      else learnRows(model, rows);
      const isUnordered = method === "findOne" || !(args as Args<"findMany">).sortBy;
      const [row] = rows;
      if (isUnordered && row && typeof row["id"] === "string")
        tables.get(model)?.first.set(textOf(where), row["id"]);
    },

    foresee(method, args) {
      const result = foreseen(method, args as Args<"update"> & Args<"findMany">);
      return result === undefined
        ? undefined
        : { result: result as ConvexGateResults[typeof method] };
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

  /** The row with the one row that each join leads to; undefined where one of those is not known. */
  function joinedTo(row: Row, joins: readonly ConvexGateJoin[]): Row | undefined {
    const result = copyOf(row);
    for (const { as, table, from, to, relation } of joins) {
      const value = row[from] ?? null;
      const rows = value === null ? [] : matching(table, [{ field: to, value }]);
      if (!rows || rows.length > 1 || relation !== "one-to-one") return undefined;
      result[as] = rows[0] ? copyOf(rows[0]) : null;
    }
    return result;
  }

  function foreseen(method: ConvexGateMethod, args: Args<"update"> & Args<"findMany">): unknown {
    const { model, where = [], rules, select, join } = args;
    switch (method) {
      case "findOne":
      case "consumeOne": {
        if (select) return undefined;
        const row = first(model, where, rules);
        return row && join ? joinedTo(row, join) : row && copyOf(row);
      }
      case "findMany": {
        const { limit = DEFAULT_LIMIT, offset = 0, sortBy } = args;
        if (select || offset > 0) return undefined;
        const rows = matching(model, where);
        if (join) return rows?.length === 0 ? [] : undefined;
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
        return row && changedRow(row, args);
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
