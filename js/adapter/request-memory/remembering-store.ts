/**
 * A request's memory. It tells a transaction what the request has read before, and saves calls that tell nothing that the
 * call right before has not told.
 */
import type {
  ConvexGateArguments,
  ConvexGateJoin,
  ConvexGateLog,
  ConvexGateMethod,
  ConvexGateResults,
  ConvexGateStep,
  ConvexGateStore,
  ConvexGateStoreRecord as Row,
} from "../store.js";
import { isGateError } from "../../errors/index.js";
import type { Knowledge } from "./knowledge.js";
import { changedBy, createKnowledge } from "./knowledge.js";
import { isRead, reading } from "./reading.js";

type FindMany = ConvexGateArguments["findMany"];

/** A store with a memory. What it holds belongs to this store, that is, to one request. */
export interface RememberingStore extends ConvexGateStore {
  /** What the request has read so far: a transaction goes on with it, and its commit checks what came of it. */
  readonly knowledge: Knowledge;
  /**
   * Announces the list that will be asked for right after the next deletion of a row in `table`: it comes along with the
   * deletion, as it is after that.
   */
  bringAlong(table: string, listFor: (deleted: Row) => FindMany): void;
  /** Announces rows that will be asked for right after the next row of `table` that is found with a join: they come with it. */
  joinAlong(table: string, join: ConvexGateJoin): void;
  /** An endpoint of Better Auth begins: from now on its own code asks. */
  begin(): void;
  /** It has answered: what was announced and has not come is taken back, and the app's code asks again. */
  end(): void;
}

/**
 * Outside of a transaction nothing checks an answer. So it is answered by the call right before or not at all: then nobody
 * can tell whether the component was asked once or twice, whatever others write. These are the cases, Better Auth's (1.7)
 * deletions and what was announced:
 *
 * - A `findMany` of one row, by which a row is looked at before it is deleted, when it was found or created right before.
 *   An app's triggers may change a row that is created, so then it is read.
 * - A `deleteMany` of rows of which there were none right before.
 * - A list that came along with a deletion, and rows that came along with another one.
 *
 * Anything in between, a read included, makes the store ask again. So does a program that is not Better Auth's own: it may
 * have changed rows by another way (a call of the component, another instance), or let time pass.
 */
export function remembering<S extends ConvexGateStore>(
  store: S,
): RememberingStore & Pick<S, "log"> {
  const { log, declareShape } = store;
  const knowledge = createKnowledge();
  /** What the call right before has told; undefined once it was used, or where calls overlapped. */
  let latest: Knowledge | undefined;
  let inEndpoint = false;
  let brought: { readonly list: string; readonly rows: Row[] } | undefined;
  let awaited: { readonly table: string; readonly listFor: (deleted: Row) => FindMany } | undefined;
  let companions: { readonly table: string; readonly join: ConvexGateJoin } | undefined;
  /** The table whose rows have come along with the call right before. */
  let accompanied: string | undefined;
  let running = 0;
  let turn = 0;

  /** Every call begins by taking what the one before has left. */
  function take(): { left: Knowledge | undefined; list: typeof brought; with: string | undefined } {
    const taken = { left: latest, list: brought, with: accompanied };
    accompanied = undefined;
    latest = undefined;
    brought = undefined;
    turn += 1;
    return taken;
  }

  /** Runs a call, and tells whether no other one ran meanwhile: of those, nobody knows which came first. */
  async function alone<T>(call: () => Promise<T>): Promise<{ result: T; isAlone: boolean }> {
    const mine = turn;
    const isFirst = running === 0;
    running += 1;
    try {
      const result = await call();
      return { result, isAlone: isFirst && mine === turn };
    } finally {
      running -= 1;
    }
  }

  return {
    ...store,
    knowledge,
    bringAlong(table, listFor) {
      awaited = { table, listFor };
    },
    joinAlong(table, join) {
      companions = { table, join };
    },
    begin() {
      inEndpoint = true;
    },
    end() {
      inEndpoint = false;
      awaited = undefined;
      companions = undefined;
    },
    async run(method, args) {
      const { left, list, with: table } = take();
      if (list !== undefined && list.list === listOf(method, args))
        return list.rows as ConvexGateResults[typeof method];
      const known = inEndpoint && isTold(method, args) ? left?.foresee(method, args) : undefined;
      if (known && (method === "findMany" || known.result === 0)) return known.result;
      if (table === args.model && isRead(method)) {
        const companion = left?.foresee(method, args);
        if (companion) {
          // No call was made: the one before is still the last.
          latest = left;
          accompanied = table;
          return companion.result;
        }
      }
      const along =
        method === "delete" ? broughtBy(args as ConvexGateArguments["delete"]) : undefined;
      if (along)
        return (await deleteWith(
          args as ConvexGateArguments["delete"],
          along,
        )) as ConvexGateResults[typeof method];

      const fresh = createKnowledge();
      if (isRead(method)) {
        let lesson: Parameters<Knowledge["learn"]> | undefined;
        const learn: Knowledge["learn"] = (...told) => void (lesson = told as typeof lesson);
        const wider = widened(method, args);
        const { result, isAlone } = await alone(() =>
          reading(store, { learn }, method, wider?.args ?? args),
        );
        if (isAlone && lesson) {
          knowledge.learn(...lesson);
          fresh.learn(...lesson);
          latest = fresh;
          accompanied = wider?.join.table;
        }
        return wider ? (without(wider.join.as, result as Row | null) as typeof result) : result;
      }
      let isWritten = false;
      try {
        const { result, isAlone } = await alone(() => store.run(method, args));
        isWritten = isAlone;
        // The row may be other than what was given: the app's triggers have their say.
        const written = method === "create" ? { ...args, data: result as Row } : args;
        if (isAlone) knowledge.wrote(method, written, { result });
        if (isAlone && method === "create" && !store.triggers) {
          fresh.wrote(method, written);
          latest = fresh;
        }
        return result;
      } finally {
        if (!isWritten) knowledge.forget(changedBy(method, args));
      }
    },
    ...(log && { log: forgetful(log) }),
    ...(declareShape && {
      declareShape: async (shape) => {
        take();
        await declareShape(shape);
        knowledge.forget([shape.table]);
      },
    }),
  };

  function forgetful(log: ConvexGateLog): ConvexGateLog {
    return {
      async commit(steps) {
        take();
        try {
          return await log.commit(steps);
        } finally {
          knowledge.forget(tablesOf(steps));
        }
      },
      speculate: (steps) => (take(), log.speculate(steps)),
    };
  }

  /** A search with what was announced to come along with its row. */
  function widened<M extends ConvexGateMethod>(
    method: M,
    args: ConvexGateArguments[M],
  ): { readonly args: ConvexGateArguments[M]; readonly join: ConvexGateJoin } | undefined {
    const { join: joins, select } = args as ConvexGateArguments["findOne"];
    if (method !== "findOne" || !joins || select || companions?.table !== args.model)
      return undefined;
    const { join } = companions;
    companions = undefined;
    return { args: { ...args, join: [...joins, join] }, join };
  }

  /** The list that was announced for this deletion, if the row is known that it is of. */
  function broughtBy({ model, where }: ConvexGateArguments["delete"]): FindMany | undefined {
    if (!log || awaited?.table !== model) return undefined;
    const { listFor } = awaited;
    awaited = undefined;
    const [row] = knowledge.foresee("findMany", { model, where, limit: 1 })?.result ?? [];
    return row && listFor(row);
  }

  async function deleteWith(args: ConvexGateArguments["delete"], list: FindMany): Promise<null> {
    const steps: ConvexGateStep[] = [
      { operation: { delete: args } },
      { operation: { findMany: list } },
    ];
    try {
      const { result, isAlone } = await alone(async () => log?.commit(steps));
      const rows = result?.at(-1) as Row[];
      if (isAlone) brought = { list: listOf("findMany", list), rows };
    } catch (error) {
      // What refers to the row may be too much for one transaction: then it goes in pages.
      if (!isGateError(error, "LIMIT_EXCEEDED")) throw error;
      await store.run("delete", args);
    } finally {
      knowledge.forget(changedBy("delete", args));
    }
    return null;
  }
}

/** True for the calls that the one before may have answered already. */
function isTold<M extends ConvexGateMethod>(method: M, args: ConvexGateArguments[M]): boolean {
  return method === "deleteMany" || (method === "findMany" && (args as FindMany).limit === 1);
}

function without(field: string, row: Row | null): Row | null {
  return row && Object.fromEntries(Object.entries(row).filter(([name]) => name !== field));
}

function listOf<M extends ConvexGateMethod>(method: M, args: ConvexGateArguments[M]): string {
  return JSON.stringify([method, args]);
}

function tablesOf(steps: readonly ConvexGateStep[]): string[] {
  return steps.flatMap(({ operation }) =>
    Object.entries(operation).flatMap(([method, args]) =>
      isRead(method) || method === "storeToken"
        ? []
        : [...changedBy(method as ConvexGateMethod, args as ConvexGateArguments[ConvexGateMethod])],
    ),
  );
}
