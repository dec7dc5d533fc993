/** What a deletion reaches. */
import type { ConvexGateReference, ConvexGateRules } from "./store.js";

/**
 * The tables that a deletion reaches, the one it is of included: along references by which rows go with what they refer to,
 * or lose the reference.
 */
export function reachedBy(
  table: string,
  references: readonly ConvexGateReference[] = [],
): Set<string> {
  const reached = new Set([table]);
  for (const target of reached)
    for (const { model, target: to, onDelete } of references)
      if (to === target && !forbids({ onDelete })) reached.add(model);
  return reached;
}

/**
 * The arguments of a deletion with the references that it can come to. Where one of them can forbid it, all of it is looked
 * through before anything goes, and others should not cost that.
 */
export function withReached<A extends object>(args: A): A {
  const { model, rules } = args as { model: string; rules?: ConvexGateRules };
  if (!rules?.references) return args;
  const reached = reachedBy(model, rules.references);
  const references = rules.references.filter(({ target }) => reached.has(target));
  return { ...args, rules: { ...rules, references } };
}

/** True when rows that refer can forbid a deletion: SQL's other words do, at the latest at the end of the statement. */
export function forbids({ onDelete }: Pick<ConvexGateReference, "onDelete">): boolean {
  return onDelete !== "cascade" && onDelete !== "set null";
}
