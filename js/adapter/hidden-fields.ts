/**
 * User fields that the app's schema declares `returned: false`. Better Auth leaves them out of its own answers; the
 * component does not know the schema, so each user row says which of its fields they are.
 */

/** The field of a user row that lists them. */
const HIDDEN = "gateHidden";

/** What the adapter writes beside the other fields of a model's row: the list, for users that have such fields. */
export function hiddenFieldsOf(
  modelKey: string,
  fields: Readonly<
    Record<
      string,
      { readonly returned?: boolean | undefined; readonly fieldName?: string | undefined }
    >
  > = {},
): Record<string, string[]> {
  if (modelKey !== "user") return {};
  const hidden = Object.entries(fields)
    .filter(([, { returned }]) => returned === false)
    .map(([name, { fieldName }]) => fieldName ?? name);
  return hidden.length > 0 ? { [HIDDEN]: hidden } : {};
}

/** The same row without them. */
export function withoutHidden(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { [HIDDEN]: hidden, ...rest } = row;
  if (!Array.isArray(hidden)) return rest;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !hidden.includes(name)));
}
