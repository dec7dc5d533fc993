/** Which rows can be created, in the order of the import. A dry run asks the same of rows that were never written. */
import type { RowFacts, RowResult } from "./protocol.js";

/** The rows that were judged and are or will be stored, by their keys. */
export type Seen = Map<string, { readonly id: string; readonly content: number }>;

/** Judges a row by what is stored and by the rows before it, and remembers it for those that follow. */
export function judge(id: string, facts: RowFacts, seen: Seen): RowResult {
  const { keys, content, stored, taken, missing } = facts;
  const [own = "", ...unique] = keys;
  if (stored !== undefined) {
    seen.set(own, { id, content });
    return stored === "same" ? "unchanged" : { code: "DIFFERENT", field: stored.join(", ") };
  }
  const before = seen.get(own);
  if (before) return before.content === content ? "unchanged" : { code: "DIFFERENT" };
  if (taken) return { code: "DUPLICATE", ...taken };
  for (const key of unique) {
    const holder = seen.get(key);
    if (holder) return { code: "DUPLICATE", field: fieldsOf(key), other: holder.id };
  }
  const lost = missing.find(({ key }) => !seen.has(key));
  if (lost) return { code: "REFERENCE_MISSING", field: lost.field };
  for (const key of keys) seen.set(key, { id, content });
  return "created";
}

/** The fields of a key: half of what follows the table. */
function fieldsOf(key: string): string {
  const [, ...parts] = JSON.parse(key) as string[];
  return parts.slice(0, parts.length / 2).join(", ");
}
