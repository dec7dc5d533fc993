/**
 * What a question must give, worked out row by row from the rules of Better Auth's SQL adapters (1.7): every AND
 * condition and one of the OR conditions; a value that is not there is found by `eq null` alone.
 */
import type { Condition, Plain, Question, Row } from "./cases.js";

/** The rows that a filter accepts. */
export function matching(rows: readonly Row[], { where }: Pick<Question, "where">): Row[] {
  // One condition has nothing to be connected with.
  const all = where.filter(({ connector }) => connector === "AND" || where.length === 1);
  const some = where.filter((each) => !all.includes(each));
  return rows.filter(
    (row) =>
      all.every((each) => accepts(each, row)) &&
      (some.length === 0 || some.some((each) => accepts(each, row))),
  );
}

/** The value of each row's sort field, in order, of the rows that an answer must have. */
export function sortedKeys(rows: readonly Row[], question: Question): unknown[] {
  const { sortBy, limit = 100, offset = 0 } = question;
  const keys = matching(rows, question).map((row) => comparable(row[sortBy?.field ?? "id"]));
  if (sortBy) keys.sort((a, b) => order(a, b) * (sortBy.direction === "asc" ? 1 : -1));
  return keys.slice(offset, offset + limit);
}

/** A value as it is compared: dates by their time, `-0` as `0`, what is absent as null. */
export function comparable(value: Plain | undefined): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(comparable);
  return value === undefined ? null : value === 0 ? 0 : value;
}

function accepts({ field, operator, value, mode }: Condition, row: Row): boolean {
  const ranges = ["lt", "lte", "gt", "gte"].includes(operator);
  const texts = Array.isArray(value) ? value : [value];
  const folds =
    mode === "insensitive" && !ranges && texts.every((each) => typeof each === "string");
  const prepared = (each: Plain | undefined): unknown => {
    const plain = comparable(each);
    if (!folds) return plain;
    if (Array.isArray(plain)) return plain.map(lower);
    return lower(plain);
  };
  const found = prepared(row[field]);
  const wanted = prepared(value);
  const list = Array.isArray(wanted) ? wanted : [];
  if (found === null) {
    return operator === "eq" ? wanted === null : operator === "not_in" && list.length === 0;
  }
  switch (operator) {
    case "eq":
      return found === wanted;
    case "ne":
      return found !== wanted;
    case "in":
      return list.includes(found);
    case "not_in":
      return !list.includes(found);
    case "contains":
      return (found as string | unknown[]).includes(wanted as string);
    case "starts_with":
      return (found as string).startsWith(wanted as string);
    case "ends_with":
      return (found as string).endsWith(wanted as string);
    case "lt":
      return wanted !== null && order(found, wanted) < 0;
    case "lte":
      return wanted !== null && order(found, wanted) <= 0;
    case "gt":
      return wanted !== null && order(found, wanted) > 0;
    case "gte":
      return wanted !== null && order(found, wanted) >= 0;
  }
}

function lower(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}

/** Nulls first, numbers and booleans by size, text by code points. */
export function order(a: unknown, b: unknown): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  if (typeof a === "string" && typeof b === "string") {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return Number(a) - Number(b);
}
