/** A row of which more is joined than one answer can hold, as an organization with ten thousand members. */
import { pick } from "./pages.js";
import type { ConvexGateArguments, ConvexGateStoreRecord } from "./store.js";

type Find = (args: ConvexGateArguments["findMany"]) => Promise<ConvexGateStoreRecord[]>;

/** Reads the row and each joined table by itself, for as long as that takes. */
export async function joinedApart(
  { join = [], select, ...args }: ConvexGateArguments["findOne"],
  find: Find,
): Promise<ConvexGateStoreRecord | null> {
  const [found] = await find({ ...args, limit: 1 });
  if (!found) return null;
  const row = select ? pick(found, select) : { ...found };
  for (const { as, table, from, to, limit, relation } of join) {
    const value = found[from];
    const isAbsent = value === undefined || value === null;
    const rows = isAbsent ? [] : await find({ model: table, where: [{ field: to, value }], limit });
    row[as] = relation === "one-to-one" ? (rows[0] ?? null) : rows;
  }
  return row;
}
