import type { GenericDatabaseReader, GenericDatabaseWriter, AnyDataModel } from "convex/server";
import { ConvexError } from "convex/values";
import { isGateError } from "../errors/index.js";
import { runOperation } from "../wasm/core.js";
import type { Operation } from "../wasm/protocol.js";

type Database = GenericDatabaseReader<AnyDataModel> | GenericDatabaseWriter<AnyDataModel>;

/**
 * Runs one operation of the core against the component's tables. A fault leaves as `ConvexError` with the data
 * `{ code, message, meta }`, because only a ConvexError keeps its data across the component boundary.
 */
export async function run<T>(ctx: { readonly db: Database }, operation: Operation): Promise<T> {
  try {
    return (await runOperation(ctx.db, operation)) as T;
  } catch (error) {
    if (!isGateError(error)) throw error;
    throw new ConvexError({ code: error.code, message: error.message, meta: { ...error.meta } as never });
  }
}
