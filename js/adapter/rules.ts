/** What a write must be checked against, read from Better Auth's own metadata of the app's schema (`getAuthTables`). */
import { entryIndexes } from "./entry-indexes.js";
import { expiryOf } from "./expiring.js";
import type { SchemaShape } from "./schema-shape.js";
import type { ConvexGateSearch } from "./search-indexes.js";
import { searchIndexes } from "./search-indexes.js";
import type { ConvexGateRules } from "./store.js";

/** The rules of every model of one app, worked out once per Better Auth instance and only when first asked for. */
export interface SchemaRules {
  /**
   * For writes that set fields: the groups of fields that must be unique together, the model's references, which must lead
   * to a row, the indexes that lack, and after which changes cached tokens end.
   */
  forWrite(modelKey: string): ConvexGateRules;
  /** For deletions: every reference, so that cascades can follow them from table to table. */
  forDelete(): ConvexGateRules;
}

type References = NonNullable<ConvexGateRules["references"]>;

/** Reads the rules from the schema; `physicalName` gives the table of a canonical model key, `search` what it is searched by. */
export function createSchemaRules(
  schema: SchemaShape,
  physicalName: (modelKey: string) => string,
  search: ConvexGateSearch = {},
): SchemaRules {
  const unique = new Map<string, ConvexGateRules>();
  let references: References | undefined;
  const all = (): References => (references ??= allReferences(schema, physicalName));
  return {
    forWrite(modelKey) {
      const known = unique.get(modelKey);
      if (known) return known;
      const table = physicalName(modelKey);
      const indexes = [
        ...entryIndexes(schema, modelKey, table),
        ...searchIndexes(schema, search, modelKey),
      ];
      const expires = expiryOf(modelKey);
      const own = all().filter(({ model }) => model === table);
      const rules = {
        unique: uniqueGroups(schema, modelKey),
        ...(own.length > 0 ? { references: own } : {}),
        ...(indexes.length > 0 ? { indexes } : {}),
        ...(modelKey === "account" ? renamedPassword(schema, table) : {}),
        ...(expires
          ? { expires: { ...expires, field: column(schema, modelKey, expires.field) } }
          : {}),
      };
      unique.set(modelKey, rules);
      return rules;
    },
    forDelete: () => ({ references: all() }),
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

/**
 * The columns of a password and of whose it is: with a new one, tokens signed before must not be handed out any more. The
 * component knows Better Auth's own names, and they need not travel with every write.
 */
function renamedPassword(schema: SchemaShape, table: string): Pick<ConvexGateRules, "endsTokens"> {
  const password = column(schema, "account", "password");
  const userId = column(schema, "account", "userId");
  const isKnown = table === "account" && password === "password" && userId === "userId";
  return isKnown ? {} : { endsTokens: [[password, userId]] };
}

/** The name that the app gave a field. */
function column(schema: SchemaShape, modelKey: string, field: string): string {
  return schema[modelKey]?.fields[field]?.fieldName ?? field;
}

function allReferences(
  schema: SchemaShape,
  physicalName: (modelKey: string) => string,
): References {
  const references: References = [];
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
