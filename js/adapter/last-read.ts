/**
 * Saves the second of two reads of one row. Before Better Auth (1.7) deletes a row it lists it, for its hooks, by the
 * filter by which it has just found it: sign-out would read its session twice.
 */
import type {
  ConvexGateArguments,
  ConvexGateMethod,
  ConvexGateResults,
  ConvexGateStore,
  ConvexGateStoreRecord,
} from "./store.js";

interface Found {
  /** The model and filter, as text. */
  readonly sought: string;
  readonly row: ConvexGateStoreRecord;
}

/**
 * A store that answers a `findMany` of one row from the `findOne` by the same filter, if that found one and was the
 * operation right before. Anything in between, a read included, makes it forget: so it never hides a write of its own,
 * and what others write meanwhile is hidden no longer than between Better Auth's listing and its deletion anyway. A
 * transaction's commit checks the answer like any other read. What it holds belongs to this store, that is, to one
 * request.
 */
export function rememberingLastRead(store: ConvexGateStore): ConvexGateStore {
  const { log } = store;
  let found: Found | undefined;
  let latest = 0;

  /** Every operation begins by taking what the one before has left. */
  function take(): { left: Found | undefined; turn: number } {
    const left = found;
    found = undefined;
    latest += 1;
    return { left, turn: latest };
  }

  return {
    ...store,
    async run(method, args) {
      const { left, turn } = take();
      if (left !== undefined && left.sought === soughtRow(method, args)) {
        return [left.row] as unknown as ConvexGateResults[typeof method];
      }
      const result = await store.run(method, args);
      // Of operations that overlap, none knows whether the other came first.
      if (turn === latest) found = remembered(method, args, result);
      return result;
    },
    ...(log && {
      log: {
        commit: (steps) => (take(), log.commit(steps)),
        speculate: (steps) => (take(), log.speculate(steps)),
      },
    }),
  };
}

/** What a `findMany` seeks that a found row can answer: one whole row, in no particular order. */
function soughtRow<M extends ConvexGateMethod>(
  method: M,
  args: ConvexGateArguments[M],
): string | undefined {
  if (method !== "findMany") return undefined;
  const { model, where, limit, offset, sortBy, select, join } =
    args as ConvexGateArguments["findMany"];
  return limit === 1 && !offset && !sortBy && !select && !join ? keyOf(model, where) : undefined;
}

function remembered<M extends ConvexGateMethod>(
  method: M,
  args: ConvexGateArguments[M],
  result: ConvexGateResults[M],
): Found | undefined {
  if (method !== "findOne" || result === null) return undefined;
  const { model, where, select, join } = args as ConvexGateArguments["findOne"];
  if (select) return undefined;
  const joined = new Set(join?.map((each) => each.as));
  const fields = Object.entries(result as ConvexGateStoreRecord)
    .filter(([field]) => !joined.has(field))
    // The caller may change the arrays of the row it was given.
    .map(([field, value]) => [field, Array.isArray(value) ? [...(value as unknown[])] : value]);
  return {
    sought: keyOf(model, where),
    row: Object.fromEntries(fields) as ConvexGateStoreRecord,
  };
}

function keyOf(model: string, where: unknown): string {
  return JSON.stringify([model, where]);
}
