/** The rows of a source one after the other, and how far each leads in it. */
import type { Source, SourceRecord } from "./source.js";

/** A row, or a record that has none but says what it dropped. */
export interface QueuedRow {
  readonly row?: SourceRecord["rows"][number];
  /** Where the source stands once this row is done, */
  readonly position: string | undefined;
  /** and how many rows of the next record are done then. */
  readonly skip: number;
  /** With its last row a record tells what it dropped. */
  readonly dropped?: SourceRecord["dropped"];
}

/** The rows from a standing on. */
export async function* rowsFrom(
  source: Source,
  { position: from, skip: done }: { readonly position?: string | undefined; readonly skip: number },
  order?: readonly string[],
): AsyncGenerator<QueuedRow> {
  let before = from;
  let skip = done;
  for await (const { position, rows, dropped } of source.records(from, order)) {
    const last = { position, skip: 0, ...(dropped && { dropped }) };
    if (rows.length === 0) yield last;
    for (const [index, row] of rows.entries()) {
      if (index < skip) continue;
      if (index === rows.length - 1) yield { row, ...last };
      else yield { row, position: before, skip: index + 1 };
    }
    before = position;
    skip = 0;
  }
}
