/** What the codes of a report mean and what can be done, in one sentence each. */
import type { RefusalCode, RowNote } from "../../import/protocol.js";

const reasons: Record<RefusalCode | RowNote["code"], string> = {
  DIFFERENT: "the id is there already with other content in these fields, which was not changed",
  DUPLICATE: "another row has the same value, and rows are never merged: decide which one stays",
  EXPIRED: "it is over",
  ID_MISSING: "it has no id that is a text",
  INVALID_VALUE: "the value is none of the field's type in the app's schema",
  NOT_CARRIED: "the deployment makes its own rows of this table",
  PASSWORD_REFUSED:
    "the password's hash cannot be verified, so its user has to set a new one with `Forgot password`",
  REFERENCE_MISSING: "it belongs to a row that is not there, because it was refused or left out",
  REQUIRED_MISSING:
    "the app's schema wants a value: give the field a `defaultValue` or `required: false`, or add it to the file",
  UNKNOWN_MODEL: "no plugin of the app has this table: add the plugin, deploy and import again",
  VALUE_TOO_LARGE: "Convex holds 1 MiB in a row",
  EMAIL_LOWERCASE: "the address was written in lower case, as Better Auth looks it up",
  UNKNOWN_FIELD:
    "the app's schema has no such field, so it was left out: with `additionalFields` it is kept",
  UNKNOWN_PROVIDER:
    "the app has no such provider: the account was imported and its user cannot sign in by it",
};

/** Refusals that are as they should be. */
export const EXPECTED: readonly string[] = ["EXPIRED", "NOT_CARRIED"];

/** The meaning of a code, and what else is known. */
export function whyOf(code: RefusalCode | RowNote["code"], more?: string): string {
  return more === undefined ? reasons[code] : `${reasons[code]} (${more})`;
}
