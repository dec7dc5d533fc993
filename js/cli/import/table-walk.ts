/** Goes through tables of a Convex export in a given order, and knows its place. */
import { openConvexExport } from "./convex-export.js";
import type { ConvexExport, Document, Table } from "./convex-export.js";
import type { Dropped, Source, SourceRecord } from "./source.js";

/** What becomes of a table. */
export interface Walk {
  readonly table: Table;
  /** What one of its documents becomes. A table without it is only counted, and left out for the reason given. */
  readonly read?: (document: Document) => Omit<SourceRecord, "position">;
  readonly left?: Pick<Dropped, "code" | "why">;
}

/** The tables to go through, where the deployment has told an order of its models in that. */
export type WalksInOrder = (order?: readonly string[]) => readonly Walk[];

/** The source of this name in a Convex export, walked as `walksOf` says; where that throws, the export is closed again. */
export async function openWalked(
  name: Source["name"],
  path: string,
  walksOf: (file: ConvexExport) => WalksInOrder | Promise<WalksInOrder>,
): Promise<Source> {
  const file = await openConvexExport(path);
  try {
    const walks = await walksOf(file);
    return {
      name,
      fingerprint: file.fingerprint,
      warnings: [],
      records: (from, order) => walkTables(file, walks(order), from),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The records of these tables, from a position on: the place of a table in the walk, and how many documents were read. */
async function* walkTables(
  source: ConvexExport,
  walks: readonly Walk[],
  from = "0:0",
): AsyncIterable<SourceRecord> {
  const [first = 0, before = 0] = from.split(":").map(Number);
  for (const [index, { table, read, left }] of walks.entries()) {
    if (index < first) continue;
    let at = index === first ? before : 0;
    if (read) {
      for await (const document of source.documents(table, at)) {
        at += 1;
        yield { position: `${String(index)}:${String(at)}`, ...read(document) };
      }
    } else if (left && at === 0) {
      let count = 0;
      for await (const _ of source.documents(table)) count += 1;
      const dropped = count > 0 ? [{ model: table.name, ...left, count }] : [];
      yield { position: `${String(index)}:1`, rows: [], dropped };
    }
  }
}
