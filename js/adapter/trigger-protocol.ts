/**
 * How a write reaches the app's triggers: the app's own mutation is called in place of the component's function, and calls
 * that one itself. So the triggers run in the transaction of the write. Nothing here is of Better Auth.
 */
import type { FunctionReference } from "convex/server";
import { getFunctionName } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { dataOf } from "../errors/fault.js";
import { GateError } from "../errors/index.js";
import type { RowShape } from "../protocol/row-shape.js";

/** The name of the app's mutation, as `triggersApi()` makes it. */
export const WRITER = "writeWithTriggers";

/** The component's functions that change rows which have triggers. */
export const writeNames = [
  "gate.create",
  "gate.update",
  "gate.updateMany",
  "gate.deleteOne",
  "gate.deleteMany",
  "gate.consumeOne",
  "gate.incrementOne",
  "gate.commit",
  "transactions.commit",
  "gate.revokeSession",
  "gate.revokeUserSessions",
] as const;
export type WriteName = (typeof writeNames)[number];

/** The component's function of a name. */
export function writeOf(
  component: ComponentApi,
  name: WriteName,
): FunctionReference<"mutation", "internal"> {
  const [module = "", fn = ""] = name.split(".");
  // `ComponentApi` has no index signature: the name is one of `WriteName`, whose functions it all has.
  const functions = component as unknown as Record<string, Record<string, unknown>>;
  return functions[module]?.[fn] as FunctionReference<"mutation", "internal">;
}

/** What a trigger is told of. */
export const triggerEvents = ["beforeCreate", "created", "updated", "deleted"] as const;
export type TriggerEvent = (typeof triggerEvents)[number];

/** Which events of each model have a trigger. */
export type TriggeredEvents = ReadonlyMap<string, ReadonlySet<TriggerEvent>>;

/** Where an app's schema keeps a model that has triggers, and what its rows look like there. */
export interface TriggerTable {
  readonly model: string;
  readonly table: string;
  readonly shape: RowShape;
}

/** What the app's mutation is given. */
export interface TriggeredWrite {
  readonly write: WriteName;
  /** Those of the component's function. The steps of a log may be {@link Prepared}. */
  readonly args: object;
  /** Of models whose rows do not say it themselves. */
  readonly tables?: TriggerTable[];
  /** Rows, as `table:id`, whose triggers are what writes: they have none that run for it. */
  readonly within?: string[];
}

/** A row whose `beforeCreate` was asked in a transaction that has been rolled back. */
export interface Prepared {
  /** The row as it was before that. */
  readonly given: Record<string, unknown>;
  /** A digest of what the trigger read. */
  readonly reads: string;
}

/** A row that is to be created, and its table. */
export interface NewRow {
  readonly model: string;
  readonly data: Record<string, unknown>;
}

/** What the app's mutation is asked instead: what `beforeCreate` makes of a row. Nothing is kept. */
export interface TriggeredPreparation {
  /** `after` are the rows of the same transaction for which it is asked before, as they were given. */
  readonly prepare: NewRow & { readonly after?: NewRow[] };
  readonly tables?: TriggerTable[];
  readonly within?: string[];
}

/** What that is answered. */
export interface Preparation {
  readonly data: Record<string, unknown>;
  readonly reads: string;
}

/** A trigger's refusal, as it crosses from the app's mutation to whoever writes. */
export interface TriggerRefusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** The refusal that an error carries; undefined for any other error. */
export function refusalIn(error: unknown): TriggerRefusal | undefined {
  const data = dataOf(error);
  if (typeof data !== "object" || data === null || !("refusedByTrigger" in data)) return undefined;
  return data.refusedByTrigger as TriggerRefusal;
}

/**
 * The error for a writer that the app does not export; undefined for any other error, such as that of a trigger which calls
 * a function that is not there itself.
 */
export function missingWriter(
  error: unknown,
  writer: FunctionReference<"mutation", "internal">,
): GateError | undefined {
  const name = getFunctionName(writer);
  if (!(error instanceof Error) || !saysMissing(error.message, name)) return undefined;
  const file = name.slice(0, name.lastIndexOf(":"));
  return new GateError("TRIGGERS_NOT_EXPORTED", exportAdvice(file), {
    meta: { function: name },
    cause: error,
  });
}

/** Whether words of Convex (1.48, its backend's two kinds) or of `convex-test` (0.0.56) say that this very function is missing. */
function saysMissing(words: string, name: string): boolean {
  const [file, fn] = [name.slice(0, name.lastIndexOf(":")), name.slice(name.lastIndexOf(":") + 1)];
  return [
    `Could not find public function for '${name}'`,
    `Could not find function for '${name}'`,
    `Couldn't find JavaScript module '${file}.js'`,
    `Couldn't find "${fn}" in module "${file}.js"`,
    `Could not find module for: "${file}"`,
    `Expected a Convex function exported from module "${file}" as \`${fn}\`, but there is no such export`,
  ].some((each) => words.includes(each));
}

/** The line that an app lacks. */
export function exportAdvice(file: string): string {
  return (
    `nothing is written without the triggers: "${file}:${WRITER}" is not exported. Add to convex/${file}.ts: ` +
    `export const { ${WRITER} } = authComponent.triggersApi();`
  );
}
