/** Lists that ask for a part of a text: by entries where the app has them kept and they lead to few rows. */
import type { Infer } from "convex/values";
import { searchIndex } from "../protocol/search-index.js";
import type { Reader } from "./any-tables.js";
import { further } from "./any-tables.js";
import { catalogued } from "./catalogue.js";
import type { CorePart, Part, WithCursor } from "./paged.js";
import { isPart, withCursor, withCursorText } from "./paged.js";
import { folded } from "./search-entries.js";
import type { clause } from "./validators.js";

/**
 * Entries that one search looks at. Where there are as many, the rows are no few of the table's either, and to read the
 * table itself costs about as much, or less where its first rows are enough. Together with the rows a page holds them.
 */
const MOST_ENTRIES = 800;

interface Ctx {
  readonly db: Reader;
}

type Clause = Infer<typeof clause>;

interface List {
  model: string;
  where?: Clause[] | undefined;
  page?: string | undefined;
}

/**
 * Reads a list. If entries lead to its rows, only those are read, of which the filter decides as always: they are one
 * condition more. Pages after the first go on among the same rows.
 */
export async function readSearched<A extends List, T>(
  ctx: Ctx,
  args: A,
  read: (args: WithCursor<A>) => Promise<T | CorePart<T>>,
): Promise<T | Part<T>> {
  const { model, where = [], page } = args;
  const list = withCursor(args);
  const ids = page ? (list.page as { among?: string[] }).among : await found(ctx.db, model, where);
  if (!ids) return withCursorText(await read(list));
  const among = { field: "id", operator: "in", value: ids };
  const answer = await read({ ...list, where: [...where, among] });
  return withCursorText(
    isPart(answer) ? { ...answer, next: { ...(answer.next as object), among: ids } } : answer,
  );
}

/** The ids of all rows that the filter can accept and some others, if one condition has entries and they are few. */
async function found(
  db: Ctx["db"],
  table: string,
  where: readonly Clause[],
): Promise<string[] | undefined> {
  const single = where.length === 1;
  const isOr = ({ connector }: Clause): boolean => connector === "OR" && !single;
  // A row fulfils each of the first, and one of the others.
  const groups = [
    ...where.filter((clause) => !isOr(clause)).map((clause) => [clause]),
    where.filter(isOr),
  ];
  let known: Record<string, unknown> | undefined;
  for (const group of groups) {
    if (group.length === 0 || !group.every(asksForPart)) continue;
    known ??= ((await catalogued({ db }, table))?.["indexes"] ?? {}) as Record<string, unknown>;
    const indexes = group.map(({ field }) => searchIndex(field).join());
    if (!indexes.every((index) => known?.[index] === true)) continue;
    const ids = new Set<string>();
    let entries = 0;
    for (const [at, { value }] of group.entries()) {
      const part = folded(value as string);
      const more = await entriesWith(db, `${table}:${indexes[at] ?? ""}`, part);
      for (const { k1 } of more) ids.add(k1);
      entries += more.length;
      if (entries >= MOST_ENTRIES) break;
    }
    if (entries < MOST_ENTRIES) return [...ids];
  }
  return undefined;
}

/** True for a condition that only a text which holds its value fulfils, and for which there is no better index. */
function asksForPart({ operator, value, mode }: Clause): boolean {
  if (typeof value !== "string" || value === "") return false;
  if (operator === "contains" || operator === "ends_with") return true;
  return mode === "insensitive" && (operator === "starts_with" || operator === "eq");
}

/** The entries of texts with a part, and of those that are too long for entries of their own. */
async function entriesWith(db: Ctx["db"], index: string, part: string): Promise<{ k1: string }[]> {
  const end = successor(part);
  const name = "by_index_k0_k1_k2_k3_fresh";
  const both = await Promise.all([
    db
      .query("gateEntries")
      .withIndex(name, (q) => further(q.eq("index", index)).eq("k0", ""))
      .take(MOST_ENTRIES),
    db
      .query("gateEntries")
      .withIndex(name, (q) => {
        const from = further(q.eq("index", index)).gte("k0", part);
        return end === undefined ? from : from.lt("k0", end);
      })
      .take(MOST_ENTRIES),
  ]);
  return both.flat() as { k1: string }[];
}

/** The first text after all that begin with this one, in the order of code points; `undefined` if there is none. */
function successor(text: string): string | undefined {
  const letters = [...text];
  for (let last = letters.pop(); last !== undefined; last = letters.pop()) {
    const code = last.codePointAt(0) ?? 0;
    // Surrogates are no letters.
    if (code < 0x10ffff)
      return letters.join("") + String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1);
  }
  return undefined;
}
