/**
 * The use of API keys (`@better-auth/api-key` 1.7, `claimUsageInDatabase`), so that many requests may use one key at once.
 * The plugin counts a use by one call, the rate limit by a second, and then stamps the row by a third: of all that only the
 * counts must not be lost.
 */
import type {
  ConvexGateArguments,
  ConvexGateClause,
  ConvexGateMethod,
  ConvexGateResults,
  ConvexGateStore,
  ConvexGateStoreRecord as Row,
} from "./store.js";

/** By how many ms the stamps `lastRequest` and `updatedAt` may lag behind. Where they are counted by, they never do. */
const STAMP_MS = 1_000;

/** For how many ms a key stays whose last use was counted: those who were granted one have not answered yet. */
const GRACE_MS = 60_000;

/** The table of API keys and its columns, as the app named them. */
export interface KeyColumns {
  readonly table: string;
  readonly key: string;
  readonly remaining: string;
  readonly refillAmount: string;
  readonly lastRequest: string;
  readonly updatedAt: string;
}

/**
 * A store with these differences in what it does with API keys:
 *
 * - What counts a use or a request stamps the row as well.
 * - A stamp alone is written when the last one is a second old, and only by the first to come then: the others find it done,
 *   write nothing, and so collide with nobody.
 * - A key without uses left, which the plugin deletes at the next try, stays for a minute. Without it, requests that had
 *   been granted a use would find no key, and the use would be lost.
 */
export function withKeyUsage(
  store: ConvexGateStore,
  columns: KeyColumns | undefined,
): ConvexGateStore {
  if (!columns) return store;
  const { table, key, remaining, refillAmount, lastRequest, updatedAt } = columns;
  /** The keys that were presented to this instance, by id, as they were last seen. */
  const presented = new Map<unknown, Row>();
  /** Those of them that had no use left when they were presented: by id. */
  const usedUp = new Set<unknown>();

  return {
    ...store,
    async run(method, args) {
      const run = (changed: object): Promise<unknown> =>
        store.run(method, changed as ConvexGateArguments[typeof method]);
      const result = args.model === table ? ofKey(method, args, run) : run(args);
      return (await result) as ConvexGateResults[typeof method];
    },
  };

  async function ofKey(
    method: ConvexGateMethod,
    args: ConvexGateArguments[ConvexGateMethod],
    run: (args: object) => Promise<unknown>,
  ): Promise<unknown> {
    const known = "where" in args ? presented.get(onlyValue(args.where, "id")) : undefined;
    switch (method) {
      case "findOne": {
        const found = (await run(args)) as Row | null;
        const { where, select, join } = args as ConvexGateArguments["findOne"];
        const isWhole = !select && !join;
        if (found && isWhole && onlyValue(where, key) !== undefined) {
          see(found);
          if (isUsedUp(found)) usedUp.add(found["id"]);
        }
        return found;
      }
      case "incrementOne": {
        const { increment, set = {} } = args as ConvexGateArguments["incrementOne"];
        const counts = [remaining, lastRequest].some((field) => field in increment || field in set);
        const row = (await run(
          counts ? { ...args, set: { [updatedAt]: Date.now(), ...set } } : args,
        )) as Row | null;
        if (row && presented.has(row["id"])) see(row);
        return row;
      }
      case "update": {
        const { update } = args as ConvexGateArguments["update"];
        return known && isStamp(update)
          ? stamp(known, args as ConvexGateArguments["update"], run)
          : run(args);
      }
      case "delete":
        // One that is presented with its last use may be deleted by its owner with just that.
        return run(
          known && usedUp.has(known["id"]) ? whenIdle(args as ConvexGateArguments["delete"]) : args,
        );
      default:
        return run(args);
    }
  }

  async function stamp(
    known: Row,
    { update, where, ...rest }: ConvexGateArguments["update"],
    run: (args: object) => Promise<unknown>,
  ): Promise<Row> {
    const row = { ...known, ...update };
    see(row);
    const due = Object.keys(update).filter((field) => !isFresh(known[field], update[field]));
    const [field] = due;
    if (field === undefined) return row;
    const before = Number(update[field]) - STAMP_MS;
    const guard: ConvexGateClause[] = [
      { field, value: null, operator: "eq", connector: "OR", mode: "sensitive" },
      { field, value: before, operator: "lte", connector: "OR", mode: "sensitive" },
    ];
    // The plugin stamps `updatedAt` right after `lastRequest`.
    const both = { [updatedAt]: update[field], ...update };
    const written = (await run({
      ...rest,
      where: [...where, ...guard],
      update: both,
    })) as Row | null;
    // Where nothing was written another request has just done it.
    see(written ?? { ...row, ...both });
    return written ?? row;
  }

  function see(row: Row): void {
    presented.set(row["id"], row);
  }

  function isStamp(update: Row): boolean {
    return Object.entries(update).every(
      ([field, value]) =>
        (field === lastRequest || field === updatedAt) && typeof value === "number",
    );
  }

  function isUsedUp(row: Row): boolean {
    return row[remaining] === 0 && (row[refillAmount] ?? null) === null;
  }

  function whenIdle(args: ConvexGateArguments["delete"]): ConvexGateArguments["delete"] {
    const idle = {
      field: updatedAt,
      value: Date.now() - GRACE_MS,
      operator: "lt",
      connector: "AND",
      mode: "sensitive",
    };
    return { ...args, where: [...args.where, idle] };
  }
}

function isFresh(stamped: unknown, stamp: unknown): boolean {
  return typeof stamped === "number" && Number(stamp) - stamped < STAMP_MS;
}

/** What a filter by one field alone compares it with; undefined for any other filter. */
function onlyValue(where: readonly ConvexGateClause[] = [], field: string): unknown {
  const [clause, ...others] = where;
  if (!clause || others.length > 0 || clause.field !== field) return undefined;
  // What is added to the filter would be its alternative.
  if (clause.connector === "OR") return undefined;
  return (clause.operator ?? "eq") === "eq" ? clause.value : undefined;
}
