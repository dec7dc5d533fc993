/** Generated tables and questions: rows of `session` with fields of every kind, and filters over them. */
import type { BetterAuthOptions } from "better-auth";
import * as fc from "fast-check";

/** A value of a filter or a row. */
export type Plain = string | number | boolean | Date | null | Plain[];

/** A row by logical names. A field may be absent. */
export type Row = { id: string } & Record<string, Plain>;

export interface Condition {
  field: string;
  operator: Operator;
  value: Plain;
  connector: "AND" | "OR";
  mode: "sensitive" | "insensitive";
}

export interface Question {
  where: Condition[];
  sortBy?: { field: string; direction: "asc" | "desc" };
  limit?: number;
  offset?: number;
}

/** A table and what is asked of it. */
export interface World {
  rows: Row[];
  questions: Question[];
}

export type Kind = "text" | "number" | "date" | "boolean" | "texts";

/** The fields and their kinds: indexed ones, one of a compound index, and some without any index. */
export const kinds: Readonly<Record<string, Kind>> = {
  id: "text",
  userId: "text",
  expiresAt: "date",
  ipAddress: "text",
  hits: "number",
  trusted: "boolean",
  scopes: "texts",
};

/** The app's options that declare the fields which Better Auth does not. */
export const tableOptions: BetterAuthOptions = {
  session: {
    additionalFields: {
      hits: { type: "number", required: false },
      trusted: { type: "boolean", required: false },
      scopes: { type: "string[]", required: false },
    },
  },
};

export type Operator =
  | "eq"
  | "ne"
  | "lt"
  | "lte"
  | "gt"
  | "gte"
  | "in"
  | "not_in"
  | "contains"
  | "starts_with"
  | "ends_with";

const scalarOperators: Operator[] = ["eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in"];
const textOperators: Operator[] = ["contains", "starts_with", "ends_with"];

// Prefixes of one another, case pairs, wildcards of other databases, both sides of UTF-16's surrogates, and long ones.
const text = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(
      ...["", "a", "A", "ab", "aB", "abc", "b", ".*", "a%", "_b", "é", "É", "ß", "İ"],
      ...["\u{d7ff}", "\u{e000}", "\u{ffff}", "😀", "😀a", "\u{10ffff}", "\u{0}", '"\\\n'],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1000, max: 9000 }).map((n) => "x".repeat(n)) },
);
const number = fc.constantFrom(-0, 0, 1, -1, 2, 2.5, 3, 1e300, -1e300, 2 ** 53 - 1, 5e-324);
const date = fc
  .constantFrom(0, 1, 999, 1000, 1_700_000_000_000, 4_000_000_000_000)
  .map((ms) => new Date(ms));

const valueOf: Readonly<Record<Kind, fc.Arbitrary<Plain>>> = {
  text,
  number,
  date,
  boolean: fc.boolean(),
  texts: fc.array(text, { maxLength: 3 }),
};

const ids = fc.integer({ min: 0, max: 11 }).map((index) => `id${String(index)}`);
const home = (field: string): fc.Arbitrary<Plain> =>
  field === "id" ? ids : valueOf[kinds[field] ?? "text"];

const rows: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record(
      Object.fromEntries(
        Object.keys(kinds)
          .filter((field) => field !== "id")
          .map((field) => [
            field,
            fc.oneof(
              { weight: 8, arbitrary: home(field) },
              { weight: 1, arbitrary: fc.constant(null) },
            ),
          ]),
      ),
      { requiredKeys: [] },
    ),
    { maxLength: 12 },
  )
  .map((all) => all.map((row, index) => ({ ...row, id: `id${String(index)}` })));

const condition: fc.Arbitrary<Condition> = fc
  .constantFrom(...Object.keys(kinds))
  .chain((field) => {
    const operators: Operator[] =
      kinds[field] === "texts"
        ? ["contains"]
        : kinds[field] === "text"
          ? [...scalarOperators, ...textOperators]
          : scalarOperators;
    return fc.tuple(
      fc.constant(field),
      fc.oneof(
        { weight: 1, arbitrary: fc.constant(operators[0] ?? "eq") },
        { weight: 2, arbitrary: fc.constantFrom(...operators) },
      ),
    );
  })
  .chain(([field, operator]) =>
    fc.record({
      field: fc.constant(field),
      operator: fc.constant(operator),
      value: operand(field, operator),
      connector: fc.constantFrom("AND" as const, "AND" as const, "OR" as const),
      mode: fc.constantFrom("sensitive" as const, "sensitive" as const, "insensitive" as const),
    }),
  );

function operand(field: string, operator: Operator): fc.Arbitrary<Plain> {
  if (textOperators.includes(operator)) return text;
  const one = fc.oneof(
    { weight: 8, arbitrary: home(field) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  return operator === "in" || operator === "not_in" ? fc.array(one, { maxLength: 4 }) : one;
}

const sortable = Object.keys(kinds).filter((field) => kinds[field] !== "texts");
const question: fc.Arbitrary<Question> = fc.record(
  {
    where: fc.array(condition, { maxLength: 4 }),
    sortBy: fc.record({
      field: fc.constantFrom(...sortable),
      direction: fc.constantFrom("asc" as const, "desc" as const),
    }),
    limit: fc.integer({ min: 0, max: 6 }),
    offset: fc.integer({ min: 0, max: 4 }),
  },
  { requiredKeys: ["where"] },
);

/** How many questions each generated table is asked. */
export const QUESTIONS = 25;

export const world: fc.Arbitrary<World> = fc.record({
  rows,
  questions: fc.array(question, { minLength: QUESTIONS, maxLength: QUESTIONS }),
});

/**
 * The runs of a property: the same ones each time, so that a red run can be repeated. `GENERATED_SEED` and
 * `GENERATED_RUNS` look elsewhere and longer.
 */
export function runs(numRuns: number): fc.Parameters<[World]> {
  return {
    seed: Number(process.env["GENERATED_SEED"] ?? 20_260_101),
    numRuns: Number(process.env["GENERATED_RUNS"] ?? numRuns),
  };
}
