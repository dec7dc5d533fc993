/**
 * A request's memory. It saves the second of two reads of one row: before Better Auth (1.7) deletes a row it lists it, for
 * its hooks, by the filter by which it has just found it. And it tells a transaction what the request has read before.
 */
import type {
  ConvexGateArguments,
  ConvexGateLog,
  ConvexGateMethod,
  ConvexGateStep,
  ConvexGateStore,
} from "../store.js";
import type { Knowledge } from "./knowledge.js";
import { changedBy, createKnowledge } from "./knowledge.js";
import { isRead, reading } from "./reading.js";

/** A store with a memory. What it holds belongs to this store, that is, to one request. */
export interface RememberingStore extends ConvexGateStore {
  /** What the request has read so far: a transaction goes on with it, and its commit checks what came of it. */
  readonly knowledge: Knowledge;
}

/**
 * Outside of a transaction nothing checks an answer, so there is one case of it: a `findMany` of one row is answered by the
 * `findOne` of the same filter, if that was the operation right before. Then nobody can tell whether the row was read once
 * or twice, whatever others write. Anything in between, a read included, makes the store ask again.
 */
export function remembering(store: ConvexGateStore): RememberingStore {
  const { log, declareShape } = store;
  const knowledge = createKnowledge();
  /** What the operation right before has told; undefined once it was used, or where operations overlapped. */
  let latest: Knowledge | undefined;
  let turn = 0;

  function begin(): { left: Knowledge | undefined; mine: number } {
    const left = latest;
    latest = undefined;
    turn += 1;
    return { left, mine: turn };
  }

  return {
    ...store,
    knowledge,
    async run(method, args) {
      const { left, mine } = begin();
      const known = isSecondLook(method, args) ? left?.foresee(method, args) : undefined;
      if (known) return known.result;
      if (isRead(method)) {
        const result = await reading(store, knowledge, method, args);
        if (mine === turn && method === "findOne") {
          latest = createKnowledge();
          latest.learn(method, args, result);
        }
        return result;
      }
      knowledge.forget(changedBy(method, args));
      return store.run(method, args);
    },
    ...(log && { log: forgetful(log) }),
    ...(declareShape && {
      declareShape: (shape) => (knowledge.forget([shape.table]), declareShape(shape)),
    }),
  };

  function isSecondLook<M extends ConvexGateMethod>(method: M, args: ConvexGateArguments[M]): boolean {
    return method === "findMany" && (args as ConvexGateArguments["findMany"]).limit === 1;
  }

  function forgetful(log: ConvexGateLog): ConvexGateLog {
    return {
      commit: (steps) => (begin(), knowledge.forget(tablesOf(steps)), log.commit(steps)),
      speculate: (steps) => (begin(), log.speculate(steps)),
    };
  }
}

function tablesOf(steps: readonly ConvexGateStep[]): string[] {
  return steps.flatMap(({ operation }) =>
    Object.entries(operation).flatMap(([method, args]) =>
      isRead(method) || method === "storeToken"
        ? []
        : [...changedBy(method as ConvexGateMethod, args as never)],
    ),
  );
}
