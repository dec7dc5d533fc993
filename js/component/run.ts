import type {
  AnyDataModel,
  GenericDatabaseReader,
  GenericDatabaseWriter,
  Scheduler,
} from "convex/server";
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { isGateError } from "../errors/index.js";
import { runOperation } from "../wasm/core.js";
import type { Operation } from "../wasm/protocol.js";
import type { ResultOf } from "./results.js";
import { withSearchEntries } from "./search-entries.js";

const fill = makeFunctionReference<"mutation">("entries:fill");

type Database = GenericDatabaseReader<AnyDataModel> | GenericDatabaseWriter<AnyDataModel>;

/**
 * Runs one operation of the core against the component's tables. A fault leaves as `ConvexError` with the data
 * `{ code, message, meta }`, because only a ConvexError keeps its data across the component boundary.
 */
export async function run<const O extends Operation>(
  ctx: { readonly db: Database; readonly scheduler?: Scheduler },
  operation: O,
): Promise<ResultOf<O>> {
  try {
    return (await runOperation(withSearchEntries(ctx.db), operation, later)) as ResultOf<O>;
  } catch (error) {
    if (!isGateError(error)) throw error;
    throw new ConvexError({
      code: error.code,
      message: error.message,
      meta: { ...error.meta } as never,
    });
  }

  async function later(operation: Record<string, unknown>): Promise<void> {
    await ctx.scheduler?.runAfter(0, fill, operation["fill"] as Record<string, never>);
  }
}
