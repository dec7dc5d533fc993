/**
 * The validators shared by the component's functions. They describe the shape of a call; the rules of the values (known
 * operators, legal names, uniqueness) are the core's, so a newer Better Auth meets a clear error and never a validator.
 */
import { v } from "convex/values";

/**
 * One clause of a filter, with physical field names (reference: Better Auth 1.7 `CleanedWhere`). A value that is undefined
 * does not arrive: the core says which field lacks one.
 */
export const clause = v.object({
  field: v.string(),
  value: v.optional(v.any()),
  operator: v.optional(v.string()),
  connector: v.optional(v.string()),
  mode: v.optional(v.string()),
});

/** A filter: every AND clause and, if there are OR clauses, at least one of them. */
export const filter = v.array(clause);

/** One joined table of a read. */
export const join = v.object({
  as: v.string(),
  table: v.string(),
  from: v.string(),
  to: v.string(),
  limit: v.number(),
  relation: v.union(v.literal("one-to-one"), v.literal("one-to-many")),
});

/** When a row is of no use any more: a field with a time, and how many ms the row stays after that. */
export const expiry = v.object({ field: v.string(), keep: v.number() });

/**
 * What Better Auth's own metadata says of a model: unique field groups, references, needed indexes. And after which
 * changes cached tokens end, and when its rows are over.
 */
export const rules = v.object({
  unique: v.optional(v.array(v.array(v.string()))),
  references: v.optional(
    v.array(
      v.object({
        model: v.string(),
        field: v.string(),
        target: v.string(),
        to: v.string(),
        onDelete: v.string(),
      }),
    ),
  ),
  indexes: v.optional(v.array(v.array(v.string()))),
  endsTokens: v.optional(v.array(v.array(v.string()))),
  expires: v.optional(expiry),
});

/** Order of a list; rows without the field come first when ascending. */
export const sortBy = v.object({
  field: v.string(),
  direction: v.union(v.literal("asc"), v.literal("desc")),
});

/** A stored record as the app sees it. Tables are schemaless, so its fields are not known here. */
export const row = v.any();

/** A signing key as stored: the private part is encrypted by the app, which alone has the secret. */
export const storedKey = v.object({
  id: v.string(),
  alg: v.union(v.literal("RS256"), v.literal("ES256")),
  publicKey: v.string(),
  privateKey: v.string(),
  createdAt: v.number(),
  expiresAt: v.optional(v.union(v.number(), v.null())),
  retiredAt: v.optional(v.union(v.number(), v.null())),
});

/** One step of a transaction: an operation and, where it was observed before, the result it must have again. */
export const step = v.object({
  operation: v.any(),
  expect: v.optional(v.any()),
});

/** A signed JWT of a session, kept to be handed out again. */
export const cachedToken = v.union(
  v.null(),
  v.object({
    token: v.string(),
    keyId: v.string(),
    issuedAt: v.number(),
    expiresAt: v.number(),
  }),
);
