/** Sessions and users as `get-session` tells them (Better Auth 1.7: the adapter's output, less what is never told). */
import { isStale } from "../../protocol/row-shape.js";
import type { TokenContext } from "../../adapter/token-store.js";
import { claimSource } from "../../plugins/convex/rows.js";
import type { ClaimSource } from "../../plugins/convex/claims.js";
import type { LaneFacts, LaneField, LaneModel } from "../../plugins/convex/lane-facts.js";

/** A row as an answer has it; null for one with values that only Better Auth knows how to tell. */
export function told(
  row: Record<string, unknown>,
  { fields }: LaneModel,
): Record<string, unknown> | null {
  const output: Record<string, unknown> = {};
  for (const { name, fieldName, type, isId, hidden } of fields) {
    const value = row[fieldName] ?? null;
    if (!isPlain(value) || (type === "json" && value !== null)) return null;
    if (hidden) continue;
    if (type === "date" && typeof value === "number") {
      if (!Number.isFinite(new Date(value).getTime())) return null;
      output[name] = new Date(value);
    } else output[name] = isId && value !== null ? String(value) : value;
  }
  return output;
}

/** Whether the rows say of themselves what the app declares: else the full way corrects them when it reads them. */
export function areUpToDate(
  { session, user }: Pick<TokenContext, "session" | "user">,
  facts: LaneFacts,
): boolean {
  return !isStale(session, facts.session.declared) && !isStale(user, facts.user.declared);
}

/** Whom a token is for, as the plugin reads it from the component's rows. */
export function whoIn(found: TokenContext, { session, user }: LaneFacts): ClaimSource {
  const fields = (list: readonly LaneField[]) =>
    Object.fromEntries(
      list.filter(({ name }) => name !== "id").map((field) => [field.name, field]),
    );
  return claimSource(found, {
    session: { fields: fields(session.fields) },
    user: { fields: fields(user.fields) },
  } as never);
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => !Array.isArray(item) && isPlain(item));
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
