/** Whether a filter accepts a row, for the part of the core's filters (`crates/gate-core/src/filter.rs`) that is plain. */
import type { ConvexGateClause, ConvexGateStoreRecord as Row } from "../store.js";

/** True or false as the core has it; undefined where only the core knows. */
export function accepts(where: readonly ConvexGateClause[], row: Row): boolean | undefined {
  let all: boolean | undefined = true;
  for (const clause of where) {
    const one = isPlain(clause, where) ? holds(clause, row[clause.field]) : undefined;
    if (one === false) return false;
    all &&= one;
  }
  return all;
}

/** True for a filter that a clause of must hold whatever the others say. */
export function isConjunction(where: readonly ConvexGateClause[]): boolean {
  return where.length < 2 || where.every(({ connector }) => connector !== "OR");
}

/** True when the filter names a value for each of these fields. */
export function pins(where: readonly ConvexGateClause[], fields: readonly string[]): boolean {
  return (
    isConjunction(where) &&
    fields.every((field) =>
      where.some(
        (clause) =>
          clause.field === field &&
          operatorOf(clause) === "eq" &&
          isPlain(clause, where) &&
          clause.value !== null,
      ),
    )
  );
}

function isPlain({ mode }: ConvexGateClause, where: readonly ConvexGateClause[]): boolean {
  return isConjunction(where) && mode !== "insensitive";
}

function operatorOf({ operator = "eq" }: ConvexGateClause): string {
  return operator;
}

function holds(clause: ConvexGateClause, stored: unknown): boolean | undefined {
  const { value } = clause;
  const present = stored ?? null;
  if (!isScalar(present)) return undefined;
  switch (operatorOf(clause)) {
    case "eq":
      return isScalar(value) ? present === value : undefined;
    case "ne":
      return isScalar(value) ? present !== null && present !== value : undefined;
    case "in":
      return Array.isArray(value) && value.every(isScalar)
        ? present !== null && value.includes(present)
        : undefined;
    case "lt":
      return ordered(present, value, (a, b) => a < b);
    case "lte":
      return ordered(present, value, (a, b) => a <= b);
    case "gt":
      return ordered(present, value, (a, b) => a > b);
    case "gte":
      return ordered(present, value, (a, b) => a >= b);
    default:
      return undefined;
  }
}

/** Texts are ordered by their bytes, which JavaScript does not do. */
function ordered(
  present: unknown,
  value: unknown,
  compare: (a: number, b: number) => boolean,
): boolean | undefined {
  if (present === null || value === null) return false;
  return typeof present === "number" && typeof value === "number"
    ? compare(present, value)
    : undefined;
}

function isScalar(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
