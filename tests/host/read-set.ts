/**
 * What a transaction has read: documents by their id, and of each range of an index the part that was consumed. Convex's
 * rules (convex-backend, August 2026: `crates/database/src/reads.rs`, `query/index_range.rs`).
 */
import { compareValues, jsonToConvex } from "convex/values";
import type { Value } from "convex/values";

/** A document as `convex-test` keeps it. */
export type Document = Record<string, unknown>;

/** A query as the `convex` library asks it. */
export interface Query {
  source: {
    type: string;
    tableName?: string;
    indexName?: string;
    range?: readonly { type: string; fieldPath: string; value: unknown }[];
  };
  operators: readonly object[];
}

/** The order in which an index gives documents. */
export interface Order {
  fieldPathsToSortBy: readonly string[];
  order: "asc" | "desc";
}

/** One range that is being read. */
export interface RangeRead {
  /** A document was given: the range is read up to it. */
  consumed(document: Document): void;
  /** There are no more: the whole range is read. */
  exhausted(): void;
}

/** The reads of one transaction in one database. */
export interface ReadSet {
  document(id: string): void;
  range(query: Query, order: Order): RangeRead;
  /** Whether a write of a document, with its version before or after, changes what was read. */
  overlaps(id: string, versions: readonly (Document | null)[]): boolean;
}

/** A read set that is empty. */
export function createReadSet(): ReadSet {
  const documents = new Set<string>();
  const ranges: { table: string; covers: (document: Document) => boolean }[] = [];
  return {
    document: (id) => void documents.add(id),
    range({ source }, order) {
      let end: Document | "nothing" | "everything" = "nothing";
      const table = source.tableName ?? source.indexName?.split(".")[0] ?? "";
      ranges.push({
        table,
        covers: (document) =>
          end !== "nothing" &&
          (source.range ?? []).every((bound) => isWithin(document, bound)) &&
          (end === "everything" || isBefore(document, end, order)),
      });
      return {
        consumed(document) {
          if (end !== "everything") end = document;
        },
        exhausted() {
          end = "everything";
        },
      };
    },
    overlaps(id, versions) {
      if (documents.has(id)) return true;
      const present = versions.filter((version) => version !== null);
      return ranges.some(({ table, covers }) => table === tableOf(id) && present.some(covers));
    },
  };
}

/** The table of an id of `convex-test`: digits, then the table's name. */
export function tableOf(id: string): string {
  return id.replace(/^\d+/, "");
}

function isWithin(
  document: Document,
  bound: { type: string; fieldPath: string; value: unknown },
): boolean {
  const compared = compareValues(fieldOf(document, bound.fieldPath), boundOf(bound.value));
  switch (bound.type) {
    case "Eq":
      return compared === 0;
    case "Gt":
      return compared > 0;
    case "Gte":
      return compared >= 0;
    case "Lt":
      return compared < 0;
    default:
      return compared <= 0;
  }
}

/** Whether an index in this order gives `document` no later than `end`. */
function isBefore(
  document: Document,
  end: Document,
  { fieldPathsToSortBy, order }: Order,
): boolean {
  for (const path of fieldPathsToSortBy) {
    const compared = compareValues(fieldOf(document, path), fieldOf(end, path));
    if (compared !== 0) return order === "asc" ? compared < 0 : compared > 0;
  }
  return true;
}

function fieldOf(document: Document, path: string): Value | undefined {
  return path
    .split(".")
    .reduce<unknown>((value, name) => (value as Document | undefined)?.[name], document) as
    Value | undefined;
}

function boundOf(value: unknown): Value | undefined {
  if (typeof value === "object" && value !== null && "$undefined" in value) return undefined;
  return jsonToConvex(value as never);
}
