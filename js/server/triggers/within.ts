/** Which rows' triggers are running: what they write to these rows has no triggers, or it would go on for ever. */

/** A symbol of the registry, so that it is the same in another copy of the package; it stays when a ctx is spread. */
const WITHIN = Symbol.for("convex-gate.within");

/** The rows, as `table:id`, whose triggers were given this ctx. */
export function rowsOf(ctx: object): readonly string[] {
  return (Reflect.get(ctx, WITHIN) as readonly string[] | undefined) ?? [];
}

/** The ctx for the triggers of a row. */
export function within<Ctx extends object>(ctx: Ctx, rows: readonly string[], row: string): Ctx {
  return { ...ctx, [WITHIN]: [...rows, row] };
}
