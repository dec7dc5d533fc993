/** What a write must be checked against, read from Better Auth's own metadata of the app's schema (`getAuthTables`). */
import { entryIndexes } from "./entry-indexes.js";
import { expiryOf } from "./expiring.js";
import type { ConvexGateSearch } from "./search-indexes.js";
import { searchIndexes } from "./search-indexes.js";
import type { ConvexGateRules } from "./store.js";
import type { FieldShape } from "./transforms.js";

/** The part of Better Auth's `BetterAuthDBSchema` that the adapter reads, by canonical model key. */
export type SchemaShape = Readonly<
  Record<
    string,
    {
      readonly fields: Readonly<Record<string, SchemaField>>;
      readonly indexes?:
        | readonly { readonly fields: readonly string[]; readonly unique?: boolean | undefined }[]
        | undefined;
    }
  >
>;

interface SchemaField extends FieldShape {
  readonly unique?: boolean | undefined;
  readonly index?: boolean | undefined;
  readonly references?:
    | { readonly model: string; readonly field: string; readonly onDelete?: string | undefined }
    | undefined;
}

/** The rules of every model of one app, worked out once per Better Auth instance and only when first asked for. */
export interface SchemaRules {
  /** For writes that set fields: the groups of fields that must be unique together, and the indexes that lack. */
  forWrite(modelKey: string): ConvexGateRules;
  /** For deletions: every reference, so that cascades can follow them from table to table. */
  forDelete(): ConvexGateRules;
}

/** Reads the rules from the schema; `physicalName` gives the table of a canonical model key, `search` what it is searched by. */
export function createSchemaRules(
  schema: SchemaShape,
  physicalName: (modelKey: string) => string,
  search: ConvexGateSearch = {},
): SchemaRules {
  const unique = new Map<string, ConvexGateRules>();
  let references: ConvexGateRules | undefined;
  return {
    forWrite(modelKey) {
      const known = unique.get(modelKey);
      if (known) return known;
      const indexes = [
        ...entryIndexes(schema, modelKey, physicalName(modelKey)),
        ...searchIndexes(schema, search, modelKey),
      ];
      const expires = expiryOf(modelKey);
      const rules = {
        unique: uniqueGroups(schema, modelKey),
        ...(indexes.length > 0 ? { indexes } : {}),
        ...(expires
          ? { expires: { ...expires, field: column(schema, modelKey, expires.field) } }
          : {}),
      };
      unique.set(modelKey, rules);
      return rules;
    },
    forDelete() {
      references ??= { references: allReferences(schema, physicalName) };
      return references;
    },
  };
}

function uniqueGroups(schema: SchemaShape, modelKey: string): string[][] {
  const model = schema[modelKey];
  if (!model) return [];
  const physical = (field: string): string => column(schema, modelKey, field);
  const groups = Object.keys(model.fields)
    .filter((field) => model.fields[field]?.unique === true)
    .map((field) => [physical(field)]);
  for (const index of model.indexes ?? []) {
    if (index.unique === true) groups.push(index.fields.map(physical));
  }
  // Better Auth 1.7.3 and newer find an account by this pair and refuse to go on when two rows carry it.
  if (modelKey === "account") groups.push([physical("providerId"), physical("accountId")]);
  return groups;
}

/** The name that the app gave a field. */
function column(schema: SchemaShape, modelKey: string, field: string): string {
  return schema[modelKey]?.fields[field]?.fieldName ?? field;
}

function allReferences(
  schema: SchemaShape,
  physicalName: (modelKey: string) => string,
): NonNullable<ConvexGateRules["references"]> {
  const references: NonNullable<ConvexGateRules["references"]> = [];
  for (const [modelKey, model] of Object.entries(schema)) {
    for (const [key, field] of Object.entries(model.fields)) {
      const target = field.references && schema[field.references.model];
      if (!field.references || !target) continue;
      references.push({
        model: physicalName(modelKey),
        field: field.fieldName ?? key,
        target: physicalName(field.references.model),
        to: target.fields[field.references.field]?.fieldName ?? field.references.field,
        // Better Auth's own migrations write `on delete cascade` where a plugin declares nothing.
        onDelete: field.references.onDelete ?? "cascade",
      });
    }
  }
  return references;
}
