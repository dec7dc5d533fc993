/** Filters and joins of Better Auth's adapter factory as the store takes them. */
import type { CustomAdapter, JoinConfig } from "better-auth/adapters";
import { GateError } from "../errors/index.js";
import type { ConvexGateClause, ConvexGateJoin } from "./store.js";

/** A `where` with physical names. */
export type Clauses = Parameters<CustomAdapter["findOne"]>[0]["where"];

/**
 * Only the known members of a clause travel: a member that a later Better Auth adds must not fail a validator.
 *
 * @throws GateError `UNSUPPORTED_VALUE` for a value that is undefined, mostly a variable that was never set: taken for null
 * it would match every row without the field.
 */
export function clauses(where: Clauses | undefined): ConvexGateClause[] {
  // Better Auth's factory fills every member, except that `mode` is absent before 1.6.
  return (where ?? []).map(({ field, value, operator, connector, mode }) => {
    if (value === undefined || (Array.isArray(value) && value.some((item) => item === undefined))) {
      throw new GateError(
        "UNSUPPORTED_VALUE",
        `a filter compares field \`${field}\` with undefined: pass a value, or null for rows without one`,
        { meta: { field } },
      );
    }
    return {
      field,
      value,
      operator: operator ?? "eq",
      connector: connector ?? "AND",
      mode: mode ?? "sensitive",
    };
  });
}

/** More than any table has; the store counts no further. */
const MOST_ROWS = 0xffff_ffff;

/**
 * A `limit` or `offset` as the store takes it: whole, and no larger than it counts. Better Auth (1.7) takes what a URL or an
 * option gives (`/admin/list-users?limit=2.5`, `membershipLimit: Infinity`), and its own adapters cut lists by it. A negative
 * one cuts nothing off, as in SQLite; PostgreSQL refuses it, and the memory adapter counts it from the end.
 */
export function counted(rows: number, negative: number = MOST_ROWS): number {
  if (rows <= -1) return negative;
  return Number.isNaN(rows) ? 0 : Math.min(Math.trunc(rows), MOST_ROWS);
}

/** The tables to join; undefined for none. */
export function joins(join: JoinConfig | undefined): ConvexGateJoin[] | undefined {
  if (!join) return undefined;
  return Object.entries(join).map(([table, { on, limit = 100, relation }]) => ({
    as: table,
    table,
    from: on.from,
    to: on.to,
    limit: counted(limit),
    relation: relation === "one-to-one" ? relation : "one-to-many",
  }));
}
