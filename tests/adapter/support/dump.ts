/** Everything that the component holds, in a form that two runs of one flow have in common. */
import schema from "../../../convex/schema.js";
import type { ComponentHarness } from "../../support/component-harness.js";

/** Every row of every table as text, by table; empty tables are left out. */
export type Dump = Record<string, string[]>;

/** Reads all tables that the component declares. */
export async function dump({ store }: ComponentHarness): Promise<Dump> {
  const found: Dump = {};
  for (const model of Object.keys(schema.tables).sort()) {
    const rows = await store().run("findMany", { model });
    if (rows.length > 0) found[model] = rows.map(comparable).sort();
  }
  return found;
}

/** These tables of a dump. */
export function part(all: Dump, tables: readonly string[]): Dump {
  return Object.fromEntries(Object.entries(all).filter(([table]) => tables.includes(table)));
}

/** A row whose ids, tokens, hashes and times, in texts too, are only said to be there. */
function comparable(row: Record<string, unknown>): string {
  return JSON.stringify(row, (_key, value: unknown) => {
    if (typeof value === "number" && value > 1e12) return "a time";
    return typeof value === "string" ? value.replace(/[\w.+/=-]{13,}/g, "a secret") : value;
  });
}
