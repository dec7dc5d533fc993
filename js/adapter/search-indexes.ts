/**
 * Fields in which a part of a text is found by an index. `docs/tables.md` tells how it works and what it costs; the
 * component keeps the entries (`js/component/search-entries.ts`).
 */
import { GateError } from "../errors/index.js";
import { searchIndex } from "../protocol/search-index.js";
import type { SchemaShape } from "./schema-shape.js";

/** Fields by model, both by Better Auth's names, as `{ user: ["email", "name"] }`. */
export type ConvexGateSearch = Readonly<Record<string, readonly string[]>>;

/** The indexes for search that rows of a model need entries in. */
export function searchIndexes(
  schema: SchemaShape,
  search: ConvexGateSearch,
  modelKey: string,
): string[][] {
  const fields = schema[modelKey]?.fields;
  return (search[modelKey] ?? []).map((field) => searchIndex(fields?.[field]?.fieldName ?? field));
}

/**
 * Refuses fields that the schema does not have or that hold no text.
 *
 * @throws GateError `INVALID_OPTION` naming model and field.
 */
export function checkSearch(schema: SchemaShape, search: ConvexGateSearch): void {
  for (const [model, fields] of Object.entries(search)) {
    for (const field of fields) {
      if (schema[model]?.fields[field]?.type === "string") continue;
      throw new GateError(
        "INVALID_OPTION",
        `\`search\` names field \`${field}\` of model \`${model}\`, which is no text field of Better Auth's schema: use its names, as { user: ["email", "name"] }`,
        { meta: { model, field } },
      );
    }
  }
}
