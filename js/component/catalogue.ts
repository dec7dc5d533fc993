/** Rows by their id, and what the component notes for itself: rows that are of no table of the app. */
import type { GenericId } from "convex/values";
import type { Reader } from "./any-tables.js";

/** A row of any table. */
export type Found = Record<string, unknown> & { readonly _id: GenericId<string> };

/** The row of this id; null where there is none. */
export function rowById(db: Reader, table: string, id: string): Promise<Found | null> {
  return db
    .query(table)
    .withIndex("by_public_id", (q) => q.eq("id", id))
    .first();
}

/** A row of the catalogue; null where there is none of this id. */
export function catalogued({ db }: { readonly db: Reader }, id: string): Promise<Found | null> {
  return rowById(db, "gateCatalogue", id);
}
