/**
 * What an adapter made by convex-gate carries for plugins under a name of its options; undefined for another adapter.
 * Better Auth (1.7) passes the members of an adapter's `options` through.
 */
export function carriedBy(adapter: unknown, name: string): unknown {
  const options = member(adapter, "options");
  return member(options, "convexGate") === true ? member(options, name) : undefined;
}

/**
 * True for an adapter made by convex-gate that still answers `findOne` itself: an app that puts its own around the adapter
 * takes over what it carries as well.
 */
export function readsItself(adapter: unknown): boolean {
  const reads = carriedBy(adapter, "reads") as { findOne?: unknown } | undefined;
  return reads?.findOne !== undefined && reads.findOne === member(adapter, "findOne");
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
