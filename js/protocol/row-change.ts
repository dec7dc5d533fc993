/** What the component tells of its writes, for the triggers of an app. */

/** One write to one row as it leaves the component: as it was before, unless it is new, and as it is now, unless it is gone. */
export interface Change {
  readonly table: string;
  readonly before?: Record<string, unknown>;
  readonly doc?: Record<string, unknown>;
}

/** A result along with the writes that led to it, in the order in which they were begun. */
export interface WithChanges<T> {
  readonly result: T;
  readonly changes: readonly Change[];
}
