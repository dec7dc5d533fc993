/** What a deletion reaches. */
import type { ConvexGateReference } from "./store.js";

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
      if (to === target && (onDelete === "cascade" || onDelete === "set null")) reached.add(model);
  return reached;
}
