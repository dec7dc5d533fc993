/** The rows of which a request knows, table by table. */
import type {
  ConvexGateClause,
  ConvexGateJoin,
  ConvexGateRules,
  ConvexGateStoreRecord as Row,
} from "../store.js";
import { accepts, isConjunction, pins } from "./row-match.js";
import { copyOf } from "./rows.js";

/** Rows kept at most; a request that reads more has another use for its memory. */
const MOST_ROWS = 250;

type Where = readonly ConvexGateClause[];

/** What is known of one table. */
export interface Table {
  /** By id; null for a row that the request has deleted. */
  rows: Map<string, Row | null>;
  /** Filters of which every row is among those. */
  whole: Where[];
  /** By filter, the id of the row that the component takes first. */
  first: Map<string, string>;
  /** Fields that no two rows have in common. Only writes tell. */
  unique: readonly string[][];
}

/** Knows and finds rows. */
export interface KnownTables {
  of(name: string): Table;
  /** Takes in rows as they are. False where they are not all kept. */
  learnRows(name: string, rows: readonly Row[]): boolean;
  /** Takes in rows that are all that a filter accepts. */
  learnWhole(name: string, where: Where, rows: readonly Row[]): void;
  /** Takes in what was joined to rows, and gives them without it. */
  learnJoined(rows: readonly Row[], join: readonly ConvexGateJoin[]): Row[];
  /** Every row that the filter accepts; undefined where there may be others. */
  matching(name: string, where: Where, rules?: ConvexGateRules): Row[] | undefined;
  /** The row that the component would take; null for none. */
  first(name: string, where: Where, rules?: ConvexGateRules): Row | null | undefined;
}

/** Over these tables. */
export function createKnownTables(tables: Map<string, Table>): KnownTables {
  const of = (name: string): Table => {
    const known = tables.get(name) ?? { rows: new Map(), whole: [], first: new Map(), unique: [] };
    tables.set(name, known);
    return known;
  };

  function learnRows(name: string, rows: readonly Row[]): boolean {
    const table = of(name);
    if (table.rows.size + rows.length > MOST_ROWS) {
      tables.delete(name);
      return false;
    }
    for (const row of rows)
      if (typeof row["id"] === "string") table.rows.set(row["id"], copyOf(row));
    return rows.every(({ id }) => typeof id === "string");
  }

  function learnWhole(name: string, where: Where, rows: readonly Row[]): void {
    const ids = new Set(rows.map((row) => row["id"]));
    // One that should be among them and is not has been changed by others: what is known of the table is old.
    for (const [id, row] of of(name).rows)
      if (row && !ids.has(id) && accepts(where, row)) tables.delete(name);
    if (learnRows(name, rows) && isConjunction(where)) of(name).whole.push(where);
  }

  function learnJoined(rows: readonly Row[], join: readonly ConvexGateJoin[]): Row[] {
    return rows.map((row) => {
      const own = { ...row };
      for (const { as, table, from, to, limit, relation } of join) {
        const value = own[as];
        Reflect.deleteProperty(own, as);
        const joined = (Array.isArray(value) ? value : value ? [value] : []) as Row[];
        const isWhole = relation === "one-to-one" ? joined.length === 0 : joined.length < limit;
        if (isWhole && (row[from] ?? null) !== null)
          learnWhole(table, [{ field: to, value: row[from] }], joined);
        else learnRows(table, joined);
      }
      return own;
    });
  }

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

  function first(name: string, where: Where, rules?: ConvexGateRules): Row | null | undefined {
    const found = matching(name, where, rules);
    if (found) return found.length > 1 ? undefined : (found[0] ?? null);
    const table = tables.get(name);
    return table?.rows.get(table.first.get(textOf(where)) ?? "");
  }

  return { of, learnRows, learnWhole, learnJoined, matching, first };
}

function isId({ field, operator = "eq", mode = "sensitive" }: ConvexGateClause): boolean {
  return field === "id" && operator === "eq" && mode === "sensitive";
}

/** True when each clause of the one is one of the other's, which then accepts no row that the first does not. */
function isPartOf(known: Where, where: Where): boolean {
  const clauses = new Set(where.map((clause) => textOf([clause])));
  return known.every((clause) => clauses.has(textOf([clause])));
}

/** A filter as text: the same for two that say the same. */
export function textOf(where: Where): string {
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
