/** What a request wrote: the difference between a database before and after it. */
import type { Contents, Document } from "../../host/database.js";
import { changes } from "../../host/database.js";
import { tableOf } from "../../host/read-set.js";
import { drawnIn } from "./random.js";

/** What was written. */
export interface Writes {
  /** Every written row as a line of text, that of a new row without its id. */
  readonly lines: readonly string[];
  /** What was drawn for it and may be seen elsewhere. */
  readonly drawn: readonly string[];
}

/**
 * The rows that differ. What the fast lane notes of the app for
 * itself is left out: the full way has no such rows.
 */
export function writesOf(before: Contents, after: Contents): Writes {
  const lines: string[] = [];
  const drawn: string[] = [];
  for (const [path, { documents }] of after) {
    const old = before.get(path)?.documents ?? {};
    for (const [id, document] of changes(old, documents)) {
      if (isOfLane(document ?? old[id])) continue;
      const place = `${path === "" ? "" : `${path}/`}${tableOf(id)}`;
      if (document && !old[id]) drawn.push(...drawnIn(tableOf(id), document));
      lines.push(lineOf(place, id, document, old[id]));
    }
  }
  return { lines, drawn };
}

function isOfLane(document: Document | undefined): boolean {
  return String(document?.["id"]).startsWith("fast lane of ");
}

function lineOf(
  place: string,
  id: string,
  document: Document | null,
  old: Document | undefined,
): string {
  if (document === null) return `deleted ${place} ${id}`;
  if (old !== undefined) return `changed ${place} ${id} ${textOf(document)}`;
  const { _id, _creationTime, id: _publicId, ...fields } = document;
  return `new ${place} ${textOf(fields)}`;
}

/** As JSON, with the values that JSON does not have, and fields by their names. */
function textOf(document: Document): string {
  const sorted = Object.fromEntries(Object.entries(document).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(sorted, (_name, value: unknown) => {
    if (typeof value === "bigint") return `${String(value)}n`;
    if (value instanceof ArrayBuffer) return Buffer.from(value).toString("base64");
    return value;
  });
}
