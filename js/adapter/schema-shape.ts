/** What the adapter reads of the schema that Better Auth makes of its options and plugins. */
import type { FieldShape } from "./transforms.js";

/** The part of Better Auth's `BetterAuthDBSchema` that the adapter reads, by canonical model key. */
export type SchemaShape = Readonly<
  Record<
    string,
    {
      readonly fields: Readonly<Record<string, SchemaField>>;
      readonly indexes?:
        | readonly { readonly fields: readonly string[]; readonly unique?: boolean | undefined }[]
        | undefined;
    }
  >
>;

interface SchemaField extends FieldShape {
  readonly unique?: boolean | undefined;
  readonly index?: boolean | undefined;
  readonly references?:
    | { readonly model: string; readonly field: string; readonly onDelete?: string | undefined }
    | undefined;
}
