/** What is stored beside the rows of a page: read in a few lists, each by an index, before anything is written. */
import type { AnyDataModel, GenericDatabaseReader } from "convex/server";
import type { Infer } from "convex/values";
import { keyOf } from "../import/protocol.js";
import type { RowFacts } from "../import/protocol.js";
import { run } from "./run.js";
import type { rules } from "./validators.js";

/** A row to be imported, under the names of its table. */
export interface ImportedRow {
  readonly model: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The fields that the source did not have: they are no reason to call a stored row another one. */
  readonly added?: readonly string[] | undefined;
}

type Rules = Readonly<Record<string, Infer<typeof rules>>>;
type Row = Readonly<Record<string, unknown>>;
interface Ctx {
  readonly db: GenericDatabaseReader<AnyDataModel>;
}

/** The facts of each row, in their order. */
export async function factsOf(
  ctx: Ctx,
  rows: readonly ImportedRow[],
  rulesOf: Rules,
): Promise<RowFacts[]> {
  const stored: LookUp = { ctx, rows: new Map(), asked: new Set() };
  const groups = (model: string): string[][] => [["id"], ...(rulesOf[model]?.unique ?? [])];
  const references = (model: string): { field: string; target: string; to: string }[] =>
    rulesOf[model]?.references ?? [];

  for (const model of new Set(rows.map((row) => row.model))) {
    const own = rows.filter((row) => row.model === model).map(({ data }) => data);
    for (const fields of groups(model)) await lookUp(stored, model, fields, own);
  }
  // Rows of the page were looked up with the others of their table.
  for (const model of new Set(rows.map((row) => row.model))) {
    for (const { field, target, to } of references(model)) {
      const parents = rows.flatMap(({ model: from, data }) =>
        from === model && isSet(data[field]) ? [{ [to]: data[field] }] : [],
      );
      await lookUp(stored, target, [to], parents);
    }
  }

  return rows.map(({ model, data, added = [] }): RowFacts => {
    const given = Object.keys(data).filter((field) => !added.includes(field));
    const [own = "", ...unique] = groups(model).flatMap((fields) => keysOf(model, fields, data));
    const before = stored.rows.get(own);
    const differing =
      before && given.filter((field) => textOf(before[field]) !== textOf(data[field]));
    const other = unique.flatMap((key, index) => {
      const holder = stored.rows.get(key);
      return holder && holder["id"] !== data["id"] ? [{ holder, index }] : [];
    })[0];
    const named = groups(model)
      .slice(1)
      .filter((fields) => keysOf(model, fields, data).length > 0);
    return {
      keys: [own, ...unique],
      content: hashOf(given.sort().map((field) => [field, data[field] ?? null])),
      ...(differing && { stored: differing.length === 0 ? "same" : differing.sort() }),
      ...(other && {
        taken: {
          field: (named[other.index] ?? []).join(", "),
          other: String(other.holder["id"]),
        },
      }),
      missing: references(model).flatMap(({ field, target, to }) => {
        const [key] = keysOf(target, [to], { [to]: data[field] });
        return key === undefined || stored.rows.has(key) ? [] : [{ field, key }];
      }),
    };
  });
}

/** What was looked up, and the rows that were found. */
interface LookUp {
  readonly ctx: Ctx;
  readonly rows: Map<string, Row>;
  readonly asked: Set<string>;
}

/** Finds a stored row for each of the values that these have. */
async function lookUp(
  { ctx, rows, asked }: LookUp,
  model: string,
  fields: readonly string[],
  wanted: readonly Row[],
): Promise<void> {
  const [last = "", ...first] = [...fields].reverse();
  // One list for all that agree in every field but the last.
  const lists = new Map<
    string,
    { where: { field: string; value: unknown }[]; values: unknown[] }
  >();
  for (const row of wanted) {
    const [key] = keysOf(model, fields, row);
    if (key === undefined || asked.has(key)) continue;
    asked.add(key);
    const where = first.map((field) => ({ field, value: row[field] }));
    const list = lists.get(textOf(where)) ?? { where, values: [] };
    lists.set(textOf(where), list);
    list.values.push(row[last]);
  }
  for (const { where, values } of lists.values()) {
    const among = { field: last, operator: "in", value: values };
    // As many as there are where each value has one row. Without a limit the core would stop at 100.
    const limit = values.length;
    const found = await run(ctx, { findMany: { model, where: [...where, among], limit } });
    note(found as Row[]);
    if ((found as Row[]).length < limit) continue;
    // All of them, unless a value has many rows, as a reference may lead to a field that is not unique. Then the list says
    // nothing of the values that lack: each is asked for alone, and no value costs more than two rows.
    const lacking = values
      .map((value) => [...where, { field: last, value }])
      .filter((each) => keysOf(model, fields, rowWith(each)).some((key) => !rows.has(key)));
    const alone = lacking.map((each) => run(ctx, { findOne: { model, where: each } }));
    note((await Promise.all(alone)).filter((row) => row !== null) as Row[]);
  }

  function note(found: readonly Row[]): void {
    for (const row of found)
      for (const key of keysOf(model, fields, row)) if (!rows.has(key)) rows.set(key, row);
  }
}

/** The row that a filter of equal values asks for. */
function rowWith(where: readonly { field: string; value: unknown }[]): Row {
  return Object.fromEntries(where.map(({ field, value }) => [field, value]));
}

/** The key of a group of fields; none where one has no value, since such rows never collide. */
function keysOf(model: string, fields: readonly string[], row: Row): string[] {
  const values = fields.map((field) => row[field]);
  return values.every(isSet) ? [keyOf(model, fields, values)] : [];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** No value and null are the same to Better Auth. */
function textOf(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** FNV-1a over the text's units, twice with other beginnings: 53 bits that tell a changed row, and hide its content. */
function hashOf(value: unknown): number {
  let [low, high] = [0x811c9dc5, 0x1000193];
  const text = textOf(value);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
