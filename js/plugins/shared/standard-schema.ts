import type { StandardSchemaV1 } from "better-auth";

/** What {@link schemaOf}'s check answers: the value it accepts, or the problem it found. */
export type Checked<T> = { readonly value: T } | { readonly problem: string };

/**
 * A Standard Schema from one function, for endpoints with a field or two. Better Auth takes any
 * Standard Schema, and the usual libraries for it cost more memory than the rest of the plugin in a
 * Convex isolate.
 */
export function schemaOf<T>(check: (value: unknown) => Checked<T>): StandardSchemaV1<T> {
  return {
    "~standard": {
      version: 1,
      vendor: "convex-gate",
      validate: (value) => {
        const checked = check(value);
        return "problem" in checked ? { issues: [{ message: checked.problem }] } : checked;
      },
    },
  };
}
