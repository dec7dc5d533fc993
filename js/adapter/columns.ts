/** The names that the app gave to tables and columns which the adapter knows the meaning of. */
import type { createAdapterFactory } from "better-auth/adapters";
import type { KeyColumns } from "./key-usage.js";
import type { SessionColumns } from "./session-renewal.js";

type Helpers = Parameters<Parameters<typeof createAdapterFactory>[0]["adapter"]>[0];
type Names = Pick<Helpers, "schema" | "getModelName" | "getFieldName">;

/** Where API keys are kept, by `@better-auth/api-key`; undefined for an app without them. */
export function keyColumns(names: Names): KeyColumns | undefined {
  const fields = ["key", "remaining", "refillAmount", "lastRequest", "updatedAt"] as const;
  return columnsOf(names, "apikey", fields);
}

/** Where sessions are kept; undefined for an app that has them elsewhere. */
export function sessionColumns(names: Names): SessionColumns | undefined {
  return columnsOf(names, "session", ["expiresAt", "updatedAt"]);
}

function columnsOf<Field extends string>(
  { schema, getModelName, getFieldName }: Names,
  model: string,
  fields: readonly Field[],
): ({ table: string } & Record<Field, string>) | undefined {
  if (!(model in schema)) return undefined;
  const columns = fields.map((field) => [field, getFieldName({ model, field })] as const);
  const named = Object.fromEntries(columns) as Record<Field, string>;
  return { table: getModelName(model), ...named };
}
