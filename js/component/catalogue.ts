/** What the component notes for itself: rows that are of no table of the app. */
import type { AnyDataModel, GenericQueryCtx } from "convex/server";
import type { GenericId } from "convex/values";

/** A row of the catalogue; null when there is none of this id. */
export function catalogued(
  ctx: Pick<GenericQueryCtx<AnyDataModel>, "db">,
  id: string,
): Promise<(Record<string, unknown> & { _id: GenericId<string> }) | null> {
  return ctx.db
    .query("gateCatalogue")
    .withIndex("by_public_id" as never, (q) => q.eq("id" as never, id as never))
    .first() as Promise<(Record<string, unknown> & { _id: GenericId<string> }) | null>;
}
