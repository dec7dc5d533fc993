/**
 * What `npx convex-gate import` reads: an export of another auth system, as rows in Better Auth's own shape. A reader knows
 * the file and nothing of the deployment; what the app takes of it is decided there.
 */

/** The systems that can be imported from. */
export const SOURCES = ["cba", "convex-auth", "clerk", "better-auth"] as const;

/** One of {@link SOURCES}. */
export type SourceName = (typeof SOURCES)[number];

/**
 * A row in Better Auth's logical shape: the names of its schema (`user.emailVerified`, not a column), dates as ms since the
 * epoch or as ISO 8601 text, and a field that has no value left out or null. `id` has to be the same in every run: a second
 * run must find what a first one wrote. Fields that the app's schema does not have are dropped and reported by the run, so
 * a reader may leave them in.
 */
export interface SourceRow {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** What a reader leaves out, for the report. Never holds a secret, a hash, a token or a whole row. */
export interface Dropped {
  /** The model, or the source's own table where it has no model. */
  readonly model: string;
  /** Why, in SNAKE_CASE: counted by it. */
  readonly code: string;
  /** The same for people: what was dropped and what becomes of it. One text for each code and field, without ids. */
  readonly why: string;
  /** The id in the source, if it has one. */
  readonly id?: string;
  /** The field, where the row stays and only this goes. */
  readonly field?: string;
  /** How many this stands for. @default 1 */
  readonly count?: number;
}

/** One record of the source (a line, a document) with everything that it becomes: a user, say, and its accounts. */
export interface SourceRecord {
  /**
   * Where the next record begins: a text that means something to this reader alone, such as a table and a byte. Reading from
   * it in another process, from the same file, gives the records after this one.
   */
  readonly position: string;
  /** In the order in which they refer to each other: a user before its accounts. */
  readonly rows: readonly { readonly model: string; readonly row: SourceRow }[];
  readonly dropped?: readonly Dropped[];
}

/** An opened export. Nothing of it is kept in memory as a whole but what a reader needs to find its way. */
export interface Source {
  readonly name: SourceName;
  /**
   * Tells this file from another and from a changed one, so that `--resume` goes on with the same: `fingerprintOf` for a
   * file or a folder.
   */
  readonly fingerprint: string;
  /** How many records there are, if that is known before they are read: for the line of progress. */
  readonly total?: number;
  /** What holds for the whole file and whoever runs the import should know, such as tables that were not looked at. */
  readonly warnings: readonly string[];
  /**
   * The records from a position on, or all. Rows that others refer to come first, in the order of models that the deployment
   * tells or in {@link MODEL_ORDER}, unless a record brings what it refers to along. A position is one in the same order. What
   * cannot be read throws `IMPORT_FORM` with the file and the place.
   */
  records(from?: string, order?: readonly string[]): AsyncIterable<SourceRecord>;
  /** Lets go of the file. */
  close(): Promise<void>;
}

/**
 * Opens an export.
 *
 * @throws GateError `IMPORT_FILE` if there is no such file, `IMPORT_FORM` if it is not what the source's export looks like.
 */
export type OpenSource = (path: string) => Promise<Source>;

/**
 * The models that others refer to, in their order, for a deployment that does not tell its own. All other models come after
 * them, in any order.
 */
export const MODEL_ORDER = ["user", "organization", "organizationRole", "team"] as const;

/** Models in the order in which they can be imported; those that it does not have come last, as they are. */
export function inImportOrder(
  models: readonly string[],
  order: readonly string[] = MODEL_ORDER,
): string[] {
  const rank = (model: string): number => {
    const at = order.indexOf(model);
    return at < 0 ? order.length : at;
  };
  return [...models].sort((one, other) => rank(one) - rank(other));
}
