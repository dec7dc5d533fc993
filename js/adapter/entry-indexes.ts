/** Which fields of a model need index entries: those that Better Auth's metadata marks and no native index covers. */
import { nativeIndexes } from "./native-indexes.js";
import type { SchemaShape } from "./schema-shape.js";

/**
 * The fields of each index that rows of a model need entries in; none for the models of Better Auth's core and official
 * packages under their own names, whose indexes are native. `docs/tables.md` tells what becomes of them.
 */
export function entryIndexes(schema: SchemaShape, modelKey: string, table: string): string[][] {
  const model = schema[modelKey];
  if (!model) return [];
  const column = (field: string): string => model.fields[field]?.fieldName ?? field;
  const wanted = new Set<string>();
  const want = (fields: readonly string[]): unknown => wanted.add(fields.map(column).join());

  for (const [field, { unique, index, references }] of Object.entries(model.fields)) {
    if (unique === true || index === true || references) want([field]);
  }
  for (const { fields } of model.indexes ?? []) want(fields);
  // A model or field by another name needs the indexes that it has under its own.
  for (const index of indexesOf(modelKey)) {
    const fields = index.split(",");
    if (fields.every((field) => field in model.fields)) want(fields);
  }
  const native = indexesOf(table);
  if (native.length === 0) want(["id"]);

  const known = [...native, ...wanted];
  return [...wanted]
    .filter((index) => !native.includes(index) && !known.some((other) => starts(other, index)))
    .map((index) => index.split(","));
}

function indexesOf(table: string): string[] {
  return nativeIndexes[table]?.split(" ") ?? [];
}

/** An index over more fields also answers for the first of them. */
function starts(index: string, fields: string): boolean {
  return index.startsWith(`${fields},`);
}
