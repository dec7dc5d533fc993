/**
 * Where we answer otherwise than Better Auth's memory adapter or its SQL adapter on SQLite, on purpose: the whole list,
 * each with its reason and the smallest case that shows it. Anything else must be the same.
 */
import type { Condition, Question, Row } from "./cases.js";
import { kinds } from "./cases.js";

export interface Difference {
  than: "memory" | "sqlite";
  what: string;
  reason: string;
  /** Tells whether it may show in the answer to a question over these rows. */
  concerns(question: Question, rows: readonly Row[]): boolean;
  example: {
    rows: Partial<Row>[];
    where?: Partial<Condition>[];
    sortBy?: NonNullable<Question["sortBy"]>;
    /** Our answer: which rows, or the sort keys in order. */
    ours: { ids?: string[]; page?: unknown[] };
  };
}

const any =
  (accepts: (condition: Condition) => boolean) =>
  ({ where }: Question): boolean =>
    where.some(accepts);

const textOperator = ({ operator }: Condition): boolean =>
  ["contains", "starts_with", "ends_with"].includes(operator);
const range = ({ operator }: Condition): boolean => ["lt", "lte", "gt", "gte"].includes(operator);
const listed = ({ value }: Condition): unknown[] => (Array.isArray(value) ? value : [value]);
/** A field that some row does not have. */
const missing = ({ field }: Condition, rows: readonly Row[]): boolean =>
  rows.some((row) => row[field] === null || row[field] === undefined);
const textsOf = (condition: Condition, rows: readonly Row[]): string[] =>
  [...listed(condition), ...rows.map((row) => row[condition.field])].filter(
    (value) => typeof value === "string",
  );
const beyondAscii = (text: string): boolean => /[^\u0000-\u007f]/.test(text);

export const differences: readonly Difference[] = [
  {
    than: "memory",
    what: "AND and OR in one filter",
    reason: "ours groups as the SQL adapters do: every AND and one OR; memory folds from the left",
    concerns: ({ where }) => where.length > 1 && where.some(({ connector }) => connector === "OR"),
    example: {
      rows: [
        { id: "a", hits: 1 },
        { id: "b", hits: 2 },
      ],
      where: [
        { field: "hits", value: 1 },
        { field: "hits", value: 2, connector: "OR" },
      ],
      ours: { ids: [] },
    },
  },
  {
    than: "memory",
    what: "`ne` and `not_in` where there is no value",
    reason: "null is not unequal to anything in SQL; memory compares it as a value",
    concerns: (question, rows) =>
      any((each) => ["ne", "not_in"].includes(each.operator) && missing(each, rows))(question),
    example: {
      rows: [{ id: "a", hits: 1 }, { id: "b" }],
      where: [{ field: "hits", operator: "ne", value: 2 }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "memory",
    what: "`in` with a null in its list",
    reason: "SQL's `in` never finds null; memory looks the null up in the list",
    concerns: (question, rows) =>
      any((each) => each.operator === "in" && listed(each).includes(null) && missing(each, rows))(
        question,
      ),
    example: {
      rows: [
        { id: "a", hits: 1 },
        { id: "b", hits: null },
      ],
      where: [{ field: "hits", operator: "in", value: [1, null] }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "memory",
    what: "ranges where there is no value",
    reason: "nothing is smaller or larger than null; JavaScript takes null for 0",
    concerns: (question, rows) => any((each) => range(each) && missing(each, rows))(question),
    example: {
      rows: [
        { id: "a", hits: 1 },
        { id: "b", hits: null },
      ],
      where: [{ field: "hits", operator: "lt", value: 5 }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "memory",
    what: "`starts_with`, `ends_with` and `contains` where there is no value",
    reason: "such a row does not match; memory throws a TypeError",
    concerns: (question, rows) =>
      any((each) => textOperator(each) && missing(each, rows))(question),
    example: {
      rows: [
        { id: "a", ipAddress: "x" },
        { id: "b", ipAddress: null },
      ],
      where: [{ field: "ipAddress", operator: "starts_with", value: "x" }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "memory",
    what: "equality of dates",
    reason: "ours compares instants, as SQL does; memory compares Date objects by identity",
    concerns: any(
      ({ operator, value }) =>
        !range({ operator } as Condition) &&
        listed({ value } as Condition).some((each) => each instanceof Date),
    ),
    example: {
      rows: [{ id: "a", expiresAt: new Date(5) }],
      where: [{ field: "expiresAt", value: new Date(5) }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "memory",
    what: "order of text outside the Basic Multilingual Plane",
    reason: "ours orders by code point, as SQL and Convex's indexes do; JavaScript by UTF-16 unit",
    concerns: (question, rows) =>
      any((each) => range(each) && textsOf(each, rows).some(beyondAscii))(question),
    example: {
      rows: [
        { id: "a", ipAddress: "\u{ffff}" },
        { id: "b", ipAddress: "😀" },
      ],
      where: [{ field: "ipAddress", operator: "gt", value: "\u{ffff}" }],
      ours: { ids: ["b"] },
    },
  },
  {
    than: "memory",
    what: "`insensitive` in a list of texts",
    reason:
      "the mode applies to values that are text; memory's `contains` refuses array columns then",
    concerns: any(({ field, mode }) => kinds[field] === "texts" && mode === "insensitive"),
    example: {
      rows: [{ id: "a", scopes: ["Mail"] }],
      where: [{ field: "scopes", operator: "contains", value: "mail", mode: "insensitive" }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "memory",
    what: "sorting by text",
    reason:
      "ours sorts by code point, as SQL and Convex's indexes do; memory by the machine's language",
    concerns: ({ sortBy }) => sortBy !== undefined && kinds[sortBy.field] === "text",
    example: {
      rows: [
        { id: "a", ipAddress: "a" },
        { id: "b", ipAddress: "B" },
      ],
      sortBy: { field: "ipAddress", direction: "asc" },
      ours: { page: ["B", "a"] },
    },
  },
  {
    than: "sqlite",
    what: "wildcards and case in text operators",
    reason: "`%` and `_` are taken literally and case matters; SQLite's LIKE does neither",
    concerns: (question, rows) =>
      any(
        (each) =>
          textOperator(each) &&
          (listed(each).some((value) => typeof value === "string" && /[%_]/.test(value)) ||
            textsOf(each, rows).some((text) => /[a-z]/i.test(text))),
      )(question),
    example: {
      rows: [
        { id: "a", ipAddress: "ab" },
        { id: "b", ipAddress: "AB" },
      ],
      where: [{ field: "ipAddress", operator: "contains", value: "a" }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "sqlite",
    what: "`insensitive` beyond ASCII",
    reason: "ours folds the case of every letter; SQLite's lower() only that of ASCII's",
    concerns: (question, rows) =>
      any((each) => each.mode === "insensitive" && textsOf(each, rows).some(beyondAscii))(question),
    example: {
      rows: [{ id: "a", ipAddress: "É" }],
      where: [{ field: "ipAddress", value: "é", mode: "insensitive" }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "sqlite",
    what: "a null in the list of `not_in`",
    reason: "it excludes nothing, as in memory; in SQL it makes the whole condition unknown",
    concerns: any((each) => each.operator === "not_in" && listed(each).includes(null)),
    example: {
      rows: [
        { id: "a", hits: 1 },
        { id: "b", hits: 2 },
      ],
      where: [{ field: "hits", operator: "not_in", value: [1, null] }],
      ours: { ids: ["b"] },
    },
  },
  {
    than: "sqlite",
    what: "lists of dates or booleans",
    reason:
      "ours converts them; Better Auth's factory hands them to SQLite as they are, which refuses them",
    concerns: any(
      ({ value }) =>
        Array.isArray(value) &&
        value.some((each) => each instanceof Date || typeof each === "boolean"),
    ),
    example: {
      rows: [{ id: "a", expiresAt: new Date(5) }],
      where: [{ field: "expiresAt", operator: "in", value: [new Date(5)] }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "sqlite",
    what: "`contains` on a list of texts",
    reason:
      "ours looks for a member; SQLite keeps the list as JSON text and looks for a part of that",
    concerns: any(({ field }) => kinds[field] === "texts"),
    example: {
      rows: [
        { id: "a", scopes: ["mail"] },
        { id: "b", scopes: ["mailbox"] },
      ],
      where: [{ field: "scopes", operator: "contains", value: "mail" }],
      ours: { ids: ["a"] },
    },
  },
  {
    than: "sqlite",
    what: "the NUL character",
    reason: "it is a character like others; SQLite's text functions stop at it",
    concerns: (question, rows) =>
      any((each) => textsOf(each, rows).some((text) => text.includes("\u0000")))(question),
    example: {
      rows: [
        { id: "a", ipAddress: "\u0000" },
        { id: "b", ipAddress: "" },
      ],
      where: [{ field: "ipAddress", operator: "starts_with", value: "\u0000" }],
      ours: { ids: ["a"] },
    },
  },
];
