/** What a server got from a query for the user of a page, as it travels with the page. It belongs into no cache. */
export interface Preloaded<T> {
  /** The id of the session whose data it is; null where there was nobody to ask for. */
  readonly session: string | null;
  /** Left out where there was no answer. */
  readonly value?: T;
}
