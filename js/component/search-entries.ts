/**
 * Entries that find a part of a text: one for each of its ends, from each letter to the last. A text holds a part where
 * one of its ends begins with it, and such entries lie side by side. The core asks for one entry with the whole value,
 * of which these are made and counts a write for each; it deletes them with their row as any other entry.
 */
import type { GenericId } from "convex/values";
import type { Reader, Writer } from "./any-tables.js";
import { further } from "./any-tables.js";

const TABLE = "gateEntries";

/**
 * Letters of the longest text that has an entry for each, as in `crates/gate-core/src/entries/keep.rs`. A longer one has one
 * empty entry: every search looks at it.
 */
const MOST_LETTERS = 100;

/** The entry that the core asks for. */
interface Wanted {
  readonly index: string;
  readonly doc: string;
  /** The value, absent where the row has none. */
  readonly k0?: unknown;
  /** The row's id. */
  readonly k1?: unknown;
  /** True for a new row. */
  readonly fresh?: boolean;
}

interface Entry {
  readonly _id: GenericId<string>;
  readonly k0: string;
  readonly k1?: unknown;
}

/**
 * Text as entries hold it, in lower case. One letter's lower case depends on where it stands, that of the Greek sigma at
 * the end of a word, and a part of a text ends elsewhere: so both sigmas are one.
 */
export function folded(text: string): string {
  return text.toLowerCase().replaceAll("ς", "σ");
}

/** A database in which an entry for search becomes as many as there should be. */
export function withSearchEntries<D extends Reader | Writer>(db: D): D {
  if (!("insert" in db)) return db;
  const insert: Writer["insert"] = async (table, record) => {
    if (!isForSearch(table, record)) return db.insert(table, record);
    await keep(db, record);
    return "" as never;
  };
  const { query, patch, delete: remove } = db;
  return {
    query: query.bind(db),
    patch: patch.bind(db),
    delete: remove.bind(db),
    insert,
  } as unknown as D;
}

/** Makes the entries of a row those that its value should have. Those that stay are not written. */
async function keep(db: Writer, wanted: Wanted): Promise<void> {
  const { index, doc, k1 } = wanted;
  const missing = new Set(endsOf(wanted.k0));
  const found = wanted.fresh === true ? [] : await entriesOf(db, wanted);
  const others = found.filter((entry) => entry.k1 !== k1 || !missing.delete(entry.k0));
  for (const k0 of missing) {
    const other = others.pop();
    await (other ? db.patch(other._id, { k0, k1 }) : db.insert(TABLE, { index, doc, k0, k1 }));
  }
  for (const other of others) await db.delete(other._id);
}

function entriesOf(db: Reader, { doc, index }: Wanted): Promise<Entry[]> {
  return db
    .query(TABLE)
    .withIndex("by_doc_index", (q) => further(q.eq("doc", doc)).eq("index", index))
    .collect();
}

/** What the entries of a value begin with: nothing where no part of it can be found. */
function endsOf(value: unknown): string[] {
  // `contains` finds an item of a list, too.
  if (Array.isArray(value)) return [""];
  if (typeof value !== "string") return [];
  const letters = [...folded(value)];
  if (letters.length > MOST_LETTERS) return [""];
  return letters.map((_letter, start) => letters.slice(start).join(""));
}

function isForSearch(table: string, record: object): record is Wanted {
  return (
    table === TABLE &&
    "index" in record &&
    typeof record.index === "string" &&
    record.index.endsWith("~")
  );
}
