/** How the index that finds parts of a text is named, by those who ask for entries and those who keep them. */

/** The fields of the index that finds parts of a column. Its entries tell the row's id. */
export function searchIndex(column: string): string[] {
  return [column, "id~"];
}
