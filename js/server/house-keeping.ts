/** The app's side of house-keeping: which rows are over is told to the component, which knows no option of the app. */
import type { GenericDataModel, RegisteredMutation } from "convex/server";
import { internalMutationGeneric } from "convex/server";
import { v } from "convex/values";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { expiringTables } from "../adapter/expiring-tables.js";
import type { RenamedModel } from "../adapter/expiring-tables.js";
import { retrying } from "../adapter/retry.js";
import type { GenericWriteCtx } from "./types.js";

/** Options of `cleanUp` and `cronApi`. */
export interface CleanUpOptions {
  /**
   * The names that the app gave to models by Better Auth's `modelName`, by the models' own names:
   * `{ verification: "codes" }`. Where `fields` renames what tells a row's end, the same as in Better Auth's options:
   * `{ verification: { modelName: "codes", fields: { expiresAt: "ends" } } }`. The tables of users and sessions need no name.
   */
  modelNames?: Readonly<Record<string, string | RenamedModel>>;
}

/** The part of the app's client that deletes what is over. */
export interface HouseKeeping<DataModel extends GenericDataModel> {
  /**
   * Deletes what is over for a day: sessions, verifications, device codes, OAuth tokens and assertions, API keys;
   * signing keys two days after their end; and rate limits that were idle for 31 days. Never what has no end. Writes do it too, a few rows now and then; this is for
   * the rows of quiet days. Tells how many rows went at once; should there be more, the component goes on by itself.
   */
  cleanUp(ctx: GenericWriteCtx<DataModel>, options?: CleanUpOptions): Promise<number>;
  /** {@link cleanUp} as an internal mutation to export and schedule: `export const { cleanUp } = authComponent.cronApi()`. */
  cronApi(options?: CleanUpOptions): {
    cleanUp: RegisteredMutation<"internal", {}, Promise<number>>;
  };
}

/** House-keeping of one component. */
export function createHouseKeeping<DataModel extends GenericDataModel>(
  component: ComponentApi,
): HouseKeeping<DataModel> {
  const cleanUp = (
    ctx: Pick<GenericWriteCtx<DataModel>, "runMutation">,
    { modelNames }: CleanUpOptions = {},
  ): Promise<number> =>
    retrying(ctx, () =>
      ctx.runMutation(component.maintenance.cleanUp, { tables: expiringTables(modelNames) }),
    );
  return {
    cleanUp,
    cronApi: (options) => ({
      cleanUp: internalMutationGeneric({
        args: {},
        returns: v.number(),
        handler: (ctx): Promise<number> => cleanUp(ctx, options),
      }),
    }),
  };
}
