/** What the command and the app's `importPage` say to each other. Values are those of Convex. */

/** What became of a row. */
export type RowResult = "created" | "unchanged" | RowRefusal;

/** Why a row was left out. Nothing of what is stored was changed. */
export interface RowRefusal {
  readonly code: RefusalCode;
  /** The field or fields that it is about, joined by `, `. */
  readonly field?: string;
  /** The id of the row that is in its way. */
  readonly other?: string;
  /** What a check of the app said. */
  readonly why?: string;
}

/** Stable codes of rows that are left out. */
export type RefusalCode =
  | "DIFFERENT"
  | "DUPLICATE"
  | "EXPIRED"
  | "ID_MISSING"
  | "INVALID_VALUE"
  | "NOT_CARRIED"
  | "PASSWORD_REFUSED"
  | "REFERENCE_MISSING"
  | "REQUIRED_MISSING"
  | "UNKNOWN_MODEL"
  | "VALUE_TOO_LARGE";

/** Something about a row that is imported all the same. */
export interface RowNote {
  readonly code: "EMAIL_LOWERCASE" | "UNKNOWN_FIELD" | "UNKNOWN_PROVIDER";
  readonly field?: string;
  /** The provider. */
  readonly value?: string;
}

/** What is stored beside a row, before anything of its page is written. */
export interface RowFacts {
  /** What a row answers to, {@link keyOf}: its id first, then its unique fields. */
  readonly keys: readonly string[];
  /** A number that is the same for the same content. */
  readonly content: number;
  /** Whether its id is stored: the same content, or the fields that differ. */
  readonly stored?: "same" | readonly string[];
  /** A stored row with another id that has one of its unique values. */
  readonly taken?: { readonly field: string; readonly other: string };
  /** Rows that it refers to and that are not stored, by the key that they would answer to. */
  readonly missing: readonly { readonly field: string; readonly key: string }[];
}

/** What comes of one row in a page. */
export interface PageRow {
  /** Absent in a dry run, in which `facts` or a refusal are there to judge by. */
  readonly result?: RowResult;
  readonly facts?: RowFacts;
  readonly notes?: readonly RowNote[];
}

/** The answer to a page. Of a page that was written before its caller knew, the rows that were in it then. */
export interface PageAnswer {
  readonly rows: readonly PageRow[];
}

/** The answer to a call without rows, before an import begins. */
export interface ImportTarget {
  /** Whether there are users already. */
  readonly hasUsers: boolean;
  /** Its models, each after those that it refers to. A deployment of an older version does not tell. */
  readonly order?: readonly string[];
}

/** The text that names the value of a field, or the values of several. */
export function keyOf(
  table: string,
  fields: readonly string[],
  values: readonly unknown[],
): string {
  return JSON.stringify([table, ...fields, ...values]);
}
