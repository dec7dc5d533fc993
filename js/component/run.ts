import type { Scheduler } from "convex/server";
import { makeFunctionReference } from "convex/server";
import { convexErrorOf } from "../errors/convex-error.js";
import { isGateError } from "../errors/index.js";
import { runOperation } from "../wasm/core.js";
import type { Operation } from "../wasm/protocol.js";
import type { Reader, Writer } from "./any-tables.js";
import type { ResultOf } from "./results.js";
import { withSearchEntries } from "./search-entries.js";

const fill = makeFunctionReference<"mutation">("entries:fill");

/**
 * Runs one operation of the core against the component's tables. A fault leaves as `ConvexError` with the data
 * `{ code, message, meta }`, because only a ConvexError keeps its data across the component boundary.
 */
export async function run<const O extends Operation>(
  ctx: { readonly db: Reader | Writer; readonly scheduler?: Scheduler },
  operation: O,
): Promise<ResultOf<O>> {
  try {
    return (await runOperation(withSearchEntries(ctx.db), operation, later)) as ResultOf<O>;
  } catch (error) {
    if (!isGateError(error)) throw error;
    const { code, message, meta = {} } = error;
    throw convexErrorOf({ code, message, meta });
  }

  async function later(operation: Record<string, unknown>): Promise<void> {
    await ctx.scheduler?.runAfter(0, fill, operation["fill"] as Record<string, never>);
  }
}
