/** The triggers of one app: what its stores are told of them, and the mutation that it exports. */
import type {
  FunctionReference,
  GenericDataModel,
  GenericMutationCtx,
  RegisteredMutation,
} from "convex/server";
import { internalMutationGeneric } from "convex/server";
import { v } from "convex/values";
import type { ComponentApi } from "../../../convex/_generated/component.js";
import type { TriggeredEvents } from "../../adapter/trigger-protocol.js";
import { triggerEvents, WRITER } from "../../adapter/trigger-protocol.js";
import type { StoreTriggers } from "../../adapter/triggered-writes.js";
import { GateError } from "../../errors/index.js";
import type { TriggerOptions } from "./types.js";
import { rowsOf } from "./within.js";
import type { WriterRequest } from "./write.js";
import { createTriggerWriter } from "./write.js";

/** The part of the app's client that triggers have. */
export interface TriggersApi {
  /**
   * The internal mutation in which writes and their triggers run, to export from the module that the option `functions` names:
   * `export const { writeWithTriggers } = authComponent.triggersApi()`.
   */
  triggersApi(): {
    writeWithTriggers: RegisteredMutation<"internal", WriterArgs, Promise<unknown>>;
  };
}

const writerArgs = {
  write: v.optional(v.string()),
  args: v.optional(v.any()),
  prepare: v.optional(v.any()),
  rehearse: v.optional(v.boolean()),
  tables: v.optional(
    v.array(v.object({ model: v.string(), table: v.string(), shape: v.array(v.string()) })),
  ),
  within: v.optional(v.array(v.string())),
};

type WriterArgs = Record<string, unknown>;

/** The triggers that `createClient` was given; `of` tells a store about them. */
export interface AppTriggers extends TriggersApi {
  /** What the store of a ctx has to know; undefined for an app without triggers. */
  of(ctx: object): StoreTriggers | undefined;
}

/**
 * Binds an app's triggers to its component.
 *
 * @throws GateError `INVALID_OPTION` for triggers without `functions`.
 */
export function createTriggers<DataModel extends GenericDataModel>(
  component: ComponentApi,
  { triggers = {}, functions }: TriggerOptions<DataModel>,
): AppTriggers {
  const events: TriggeredEvents = new Map(
    Object.entries(triggers)
      .map(
        ([model, given]) =>
          [model, new Set(triggerEvents.filter((event) => given?.[event] !== undefined))] as const,
      )
      .filter(([, named]) => named.size > 0),
  );
  if (events.size > 0 && !functions) {
    throw new GateError(
      "INVALID_OPTION",
      "createClient has `triggers` and no `functions`: name the module that exports triggersApi(), as in `functions: internal.auth`",
      { meta: { option: "functions" } },
    );
  }
  const writer = (): FunctionReference<"mutation", "internal"> =>
    (functions as NonNullable<typeof functions>)[WRITER];
  const { handle } = createTriggerWriter<DataModel>(component, triggers, writer);
  return {
    of: (ctx) => (events.size > 0 ? { events, writer: writer(), within: rowsOf(ctx) } : undefined),
    triggersApi: () => ({
      [WRITER]: internalMutationGeneric({
        args: writerArgs,
        returns: v.any(),
        handler: (ctx, request) =>
          handle(
            ctx as unknown as GenericMutationCtx<DataModel>,
            request as unknown as WriterRequest,
          ),
      }) as unknown as RegisteredMutation<"internal", WriterArgs, Promise<unknown>>,
    }),
  };
}
