/**
 * The builders that the component's functions are made with. The component is schemaless on purpose (any Better Auth
 * plugin may bring tables and fields), so the data model is the generic one and not one derived from the schema.
 */
import type {
  AnyDataModel,
  GenericDatabaseReader,
  GenericDatabaseWriter,
  MutationBuilder,
  QueryBuilder,
} from "convex/server";
import { internalMutationGeneric, mutationGeneric, queryGeneric } from "convex/server";

/** A query that the app reaches through `components.betterAuth`. */
export const query: QueryBuilder<AnyDataModel, "public"> = queryGeneric;

/** A mutation that the app reaches through `components.betterAuth`. */
export const mutation: MutationBuilder<AnyDataModel, "public"> = mutationGeneric;

/** A mutation that only the component itself can call. */
export const internalMutation: MutationBuilder<AnyDataModel, "internal"> = internalMutationGeneric;

/** Reads the component's tables. */
export type DatabaseReader = GenericDatabaseReader<AnyDataModel>;

/** Reads and writes the component's tables. */
export type DatabaseWriter = GenericDatabaseWriter<AnyDataModel>;
