import type { AuthContext } from "better-auth";
import type { TokenContext } from "../../adapter/token-store.js";
import type { ClaimSource } from "./claims.js";

/**
 * A stored session and its user in Better Auth's names and types: the component keeps physical
 * field names, dates as milliseconds and JSON as text.
 */
export function claimSource(found: TokenContext, tables: AuthContext["tables"]): ClaimSource {
  return {
    // The tables always have these two models; the component gives whole rows of them.
    session: toRecord(found.session, tables["session"]?.fields) as ClaimSource["session"],
    user: toRecord(found.user, tables["user"]?.fields) as ClaimSource["user"],
  };
}

type Fields = NonNullable<AuthContext["tables"][string]>["fields"];

function toRecord(row: Record<string, unknown>, fields: Fields = {}): Record<string, unknown> {
  const record: Record<string, unknown> = { id: row["id"] };
  for (const [name, field] of Object.entries(fields)) {
    record[name] = toValue(row[field.fieldName ?? name] ?? null, field.type);
  }
  return record;
}

function toValue(value: unknown, type: Fields[string]["type"]): unknown {
  if (type === "date" && typeof value === "number") return new Date(value);
  if (type !== "json" || typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
