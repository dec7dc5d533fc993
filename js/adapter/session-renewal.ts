/**
 * The renewal of a session (Better Auth 1.7, `updateAge`). The requests of a page come at once, each finds the session due,
 * and all of them would write the same row.
 */
import type {
  ConvexGateArguments,
  ConvexGateClause,
  ConvexGateResults,
  ConvexGateStore,
  ConvexGateStoreRecord as Row,
} from "./store.js";

/** Ends of a session that are closer, in ms, are taken for the same. */
const SAME_MS = 1_000;

/** The table of sessions and its columns, as the app named them. */
export interface SessionColumns {
  readonly table: string;
  readonly expiresAt: string;
  readonly updatedAt: string;
}

/**
 * A store that renews a session unless another request has just done so. Then the row is read instead, which collides with
 * nobody; and if there is none any more the session was revoked, and nothing is given.
 */
export function withSessionRenewal(
  store: ConvexGateStore,
  columns: SessionColumns | undefined,
): ConvexGateStore {
  if (!columns) return store;
  const { table, expiresAt, updatedAt } = columns;
  return {
    ...store,
    async run(method, args) {
      if (method !== "update" || args.model !== table) return store.run(method, args);
      const { where, update } = args as ConvexGateArguments["update"];
      const end = update[expiresAt];
      // OR clauses of the app's own would take those that are added for their alternatives.
      const isOpen = where.some(({ connector }) => connector === "OR");
      if (typeof end !== "number" || isOpen || !isRenewal(update)) return store.run(method, args);
      const other = (operator: string, value: number | null): ConvexGateClause => ({
        field: expiresAt,
        value,
        operator,
        connector: "OR",
        mode: "sensitive",
      });
      const otherEnd = [other("lte", end - SAME_MS), other("gte", end + SAME_MS), other("eq", null)];
      const renewed = (await store.run(method, {
        ...args,
        where: [...where, ...otherEnd],
      } as typeof args)) as Row | null;
      const row = renewed ?? (await store.run("findOne", { model: table, where }));
      return row as ConvexGateResults[typeof method];
    },
  };

  function isRenewal(update: Row): boolean {
    return Object.keys(update).every((field) => field === expiresAt || field === updatedAt);
  }
}
