/**
 * Refusals as results. Convex drops the warm context of a function that throws (`experimental_reuseContext`) and begins
 * another, each with its own memory: what is refused in the ordinary course must not throw. A caller asks for it by
 * `faults: "values"`; without, a refusal is thrown as ever.
 */
import type { Validator } from "convex/values";
import { v } from "convex/values";
import type { FaultValue } from "../errors/fault-value.js";
import { isFault } from "../errors/fault.js";
import type { Reader, Writer } from "./any-tables.js";

/** The argument by which a caller asks for them. */
export const faults = v.optional(v.literal("values"));

const faultValue = v.object({
  fault: v.object({ code: v.string(), message: v.string(), meta: v.optional(v.any()) }),
});

/** The validator of a result that may be a fault. */
export function orFault<T>(
  result: Validator<T, "required", string>,
): Validator<T | FaultValue, "required", string> {
  return v.union(result, faultValue);
}

type Database = Reader | Writer;

/** Does the work and, where the caller asks for it, gives a refusal as a value. What has written something throws. */
export async function withFaults<Ctx extends { readonly db: Database }, T>(
  ctx: Ctx,
  asked: "values" | undefined,
  work: (ctx: Ctx) => Promise<T>,
): Promise<T | FaultValue> {
  if (asked === undefined) return work(ctx);
  const { db, writes } = counted(ctx.db);
  try {
    return await work({ ...ctx, db });
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined || writes() > 0) throw error;
    return fault;
  }
}

/** The fault that an error of a component's function carries, as a value; undefined for any other error. */
export function faultOf(error: unknown): FaultValue | undefined {
  if (!(error instanceof Error) || !("data" in error)) return undefined;
  return isFault(error.data) ? { fault: error.data } : undefined;
}

/** The same database, counting what it has written or is writing. */
function counted<D extends Database>(db: D): { db: D; writes: () => number } {
  let writes = 0;
  if (!("insert" in db)) return { db, writes: () => writes };
  const counting = {
    ...db,
    insert: (...args: Parameters<typeof db.insert>) => counts(db.insert(...args)),
    patch: (...args: Parameters<typeof db.patch>) => counts(db.patch(...args)),
    delete: (...args: Parameters<typeof db.delete>) => counts(db.delete(...args)),
  };
  return { db: counting, writes: () => writes };

  async function counts<T>(write: Promise<T>): Promise<T> {
    writes += 1;
    try {
      return await write;
    } catch (error) {
      writes -= 1;
      throw error;
    }
  }
}
