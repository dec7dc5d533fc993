/** Saves the look-up of a row that the same transaction creates: an account refers to the user of its own sign-up. */
import type { ConvexGateArguments, ConvexGateMethod, ConvexGateStep } from "./store.js";

const HARMLESS: ReadonlySet<string> = new Set<ConvexGateMethod>([
  "create",
  "findOne",
  "findMany",
  "count",
]);

/** The log without those references of new rows that lead to a row created earlier in it, where nothing changed it since. */
export function withKnownParents(log: ConvexGateStep[]): ConvexGateStep[] {
  const created: ConvexGateArguments["create"][] = [];
  return log.map((step) => {
    const { operation } = step;
    if (!("create" in operation)) {
      if (!Object.keys(operation).every((method) => HARMLESS.has(method))) created.length = 0;
      return step;
    }
    const { create } = operation;
    const { data, rules } = create;
    const open = rules?.references?.filter(
      ({ field, target, to }) =>
        !created.some((row) => row.model === target && row.data[to] === (data[field] ?? null)),
    );
    created.push(create);
    if (!open || open.length === rules?.references?.length) return step;
    return { ...step, operation: { create: { ...create, rules: { ...rules, references: open } } } };
  });
}
