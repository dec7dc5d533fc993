/** Writes of the store: straight to the component, or by the app's mutation where a trigger is interested in them. */
import type { FunctionReference } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import type { Caller } from "./component-calls.js";
import { isLaterPage } from "./parts.js";
import { refusedByTrigger, triggersNotExported } from "./refusals.js";
import type {
  ConvexGateArguments,
  ConvexGateOperation,
  ConvexGateReference,
  ConvexGateStep,
  ConvexGateTriggers,
} from "./store.js";
import type {
  NewRow,
  Preparation,
  TriggeredEvents,
  TriggeredPreparation,
  TriggeredWrite,
  TriggerEvent,
  TriggerTable,
  WriteName,
} from "./trigger-protocol.js";
import { missingWriter, refusalIn, writeOf } from "./trigger-protocol.js";

/** The triggers of an app, as a store is given them. */
export interface StoreTriggers {
  readonly events: TriggeredEvents;
  /** The app's mutation that `triggersApi()` made. */
  readonly writer: FunctionReference<"mutation", "internal">;
  /** Rows, as `table:id`, whose triggers are what writes. */
  readonly within: readonly string[];
}

/** The component's functions that write rows. */
export interface Writes {
  run(name: WriteName, args: object): Promise<unknown>;
  readonly triggers?: ConvexGateTriggers;
}

/** Without triggers each write is a call of the component, with the arguments that it is given. */
export function createWrites(
  component: ComponentApi,
  call: Caller,
  given: StoreTriggers | undefined,
): Writes {
  const direct: Writes["run"] = (name, args) => call.mutation(writeOf(component, name), args);
  if (!given || given.events.size === 0) return { run: direct };
  const { events, writer, within } = given;
  const models = [...events.keys()];
  let tables: readonly TriggerTable[] = models.map((model) => ({ model, table: model, shape: [] }));

  const has = (table: string, ...wanted: TriggerEvent[]): boolean => {
    const model = tables.find((each) => each.table === table)?.model;
    return wanted.some((event) => model !== undefined && events.get(model)?.has(event));
  };
  const common = (): Pick<TriggeredWrite, "tables" | "within"> => {
    // A user or session says itself what it looks like, and mostly no table is named otherwise.
    const told = tables.filter(({ model, table, shape }) => table !== model || shape.length > 0);
    return {
      ...(told.length > 0 && { tables: told }),
      ...(within.length > 0 && { within: [...within] }),
    };
  };
  const send = async (
    request: TriggeredWrite | TriggeredPreparation,
    args: object,
  ): Promise<unknown> => {
    try {
      return await call.mutation(writer, { ...request }, { begun: isLaterPage(args) });
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal) throw refusedByTrigger(refusal, error);
      const missing = missingWriter(error, writer);
      throw missing ? triggersNotExported(missing) : error;
    }
  };

  return {
    run: (name, args) =>
      isTriggering(name, args, has)
        ? send({ write: name, args, ...common() }, args)
        : direct(name, args),
    triggers: {
      models,
      know: (known) => void (tables = known),
      prepare: ({ model, data }, steps) => {
        if (!has(model, "beforeCreate")) return undefined;
        const after = steps.flatMap(newRowOf);
        const prepare = { model, data, ...(after.length > 0 && { after }) };
        return send({ prepare, ...common() }, prepare) as Promise<Preparation>;
      },
    },
  };
}

/** The row of a step that `beforeCreate` was asked about, as it was before that. */
function newRowOf({ operation, prepared }: ConvexGateStep): NewRow[] {
  return prepared && "create" in operation
    ? [{ model: operation.create.model, data: prepared.given }]
    : [];
}

type Has = (table: string, ...events: TriggerEvent[]) => boolean;

/** Whether a call may do something that a trigger is interested in. */
function isTriggering(name: WriteName, args: object, has: Has): boolean {
  if (name.startsWith("gate.revoke")) return has("session", "deleted");
  if ("log" in args)
    return (args.log as ConvexGateStep[]).some(({ operation }) => isOfStep(operation, has));
  return isOfMethod(name.replace(/^gate\.|One$/g, ""), args as Target, has);
}

function isOfStep(operation: ConvexGateOperation, has: Has): boolean {
  return Object.entries(operation).some(([method, args]) =>
    isOfMethod(method, args as Target, has),
  );
}

type Target = Pick<ConvexGateArguments["delete"], "model" | "rules">;

function isOfMethod(method: string, { model, rules }: Target, has: Has): boolean {
  switch (method) {
    case "create":
      return has(model, "beforeCreate", "created");
    case "update":
    case "updateMany":
    case "increment":
    case "incrementOne":
      return has(model, "updated");
    case "delete":
    case "deleteMany":
    case "consume":
    case "consumeOne":
      return [...reachedBy(model, rules?.references)].some((table) =>
        has(table, "updated", "deleted"),
      );
    default:
      return false;
  }
}

/**
 * The tables that a deletion reaches, the one it is of included: along references by which rows go with what they refer to,
 * or lose the reference.
 */
function reachedBy(table: string, references: readonly ConvexGateReference[] = []): Set<string> {
  const reached = new Set([table]);
  for (const target of reached)
    for (const { model, target: to, onDelete } of references)
      if (to === target && (onDelete === "cascade" || onDelete === "set null")) reached.add(model);
  return reached;
}
