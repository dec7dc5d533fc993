/** Exports on disk, made for a test, and what a reader gives. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { OpenSource, Source, SourceRecord } from "../../../js/cli/import/source.js";

/** Writes files into a new folder: text as it is, rows as JSON on a line each. */
export function folderOf(files: Record<string, string | readonly object[]>): string {
  const folder = mkdtempSync(join(tmpdir(), "import-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const lines =
      typeof content === "string" ? content : content.map((row) => JSON.stringify(row)).join("\n");
    writeFileSync(join(folder, name), lines);
  }
  return folder;
}

/** A Convex export, unpacked: documents by `table` or `component/table`, with what Convex adds to each. */
export function convexFolder(documents: Record<string, readonly object[]>): string {
  return folderOf(
    Object.fromEntries(
      Object.entries(documents).map(([path, rows]) => {
        const [name = "", ...components] = path.split("/").reverse();
        const prefix = components
          .reverse()
          .map((one) => `_components/${one}/`)
          .join("");
        return [
          `${prefix}${name}/documents.jsonl`,
          rows.map((row, index) => ({
            _id: `${name}${String(index)}`,
            _creationTime: 1.5,
            ...row,
          })),
        ];
      }),
    ),
  );
}

/** Everything that a reader gives, and the file it has let go. */
export async function readAll(
  open: OpenSource,
  path: string,
  from?: string,
  order?: readonly string[],
) {
  const source = await open(path);
  try {
    const records: SourceRecord[] = [];
    for await (const record of source.records(from, order)) records.push(record);
    return readings(source, records);
  } finally {
    await source.close();
  }
}

function readings(source: Source, records: SourceRecord[]) {
  return {
    source,
    records,
    rows: records.flatMap(({ rows }) => rows),
    of: (model: string) =>
      records
        .flatMap(({ rows }) => rows.filter((one) => one.model === model))
        .map(({ row }) => row),
    /** Codes with how many each stands for. */
    dropped: records
      .flatMap(({ dropped = [] }) => dropped)
      .map(({ model, code, count = 1, field }) => [model, code, count, ...(field ? [field] : [])]),
  };
}
