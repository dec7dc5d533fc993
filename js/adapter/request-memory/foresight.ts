/**
 * What the operations of a transaction give, as far as its commit need not be rehearsed to know it: by what the request has
 * read, or by a read of tables that the transaction has not written. All of it is an expectation, which the commit checks.
 */
import type { ConvexGateArguments, ConvexGateMethod, ConvexGateResults } from "../store.js";
import { changedBy, readBy } from "./knowledge.js";
import { isRead, reading } from "./reading.js";
import type { RememberingStore } from "./remembering-store.js";

/** A result that is known. */
export interface Told<M extends ConvexGateMethod> {
  readonly result: ConvexGateResults[M];
}

/** The foresight of one attempt of a transaction. */
export interface Foresight {
  /** What an operation gives after those before it; undefined where only a rehearsal tells. */
  tell<M extends ConvexGateMethod>(
    method: M,
    args: ConvexGateArguments[M],
  ): Promise<Told<M> | undefined>;
  /** Takes in an operation that the transaction has made, with its result if that is known. */
  made<M extends ConvexGateMethod>(method: M, args: ConvexGateArguments[M], told?: Told<M>): void;
  /** Takes in a deletion that is done already. */
  gone(args: ConvexGateArguments["delete"]): void;
  /** Whether an answer came from memory: then it must be checked even if nothing is written. */
  remembered(): boolean;
}

/** With `trusting` memory answers; without, only reads do. */
export function createForesight(
  store: RememberingStore,
  { trusting }: { readonly trusting: boolean },
): Foresight {
  const knowledge = store.knowledge.copy();
  const written = new Set<string>();
  let remembered = false;

  return {
    async tell(method, args) {
      const known = trusting ? knowledge.foresee(method, args) : undefined;
      if (known) {
        remembered = true;
        return known;
      }
      if (readBy(args).some((table) => written.has(table))) return undefined;
      if (isRead(method)) return { result: await reading(store, knowledge, method, args) };
      return trusting ? look(method, args) : undefined;
    },
    made(method, args, told) {
      if (!isRead(method))
        for (const table of knowledge.wrote(method, args, told)) written.add(table);
      else if (told) knowledge.learn(method, args, told.result);
    },
    gone: (args) => knowledge.forget(changedBy("delete", args)),
    remembered: () => remembered,
  };

  /** Reads what a write would meet. That is one call; a rehearsal is two, and has to be rolled back. */
  async function look<M extends ConvexGateMethod>(
    method: M,
    args: ConvexGateArguments[M],
  ): Promise<Told<M> | undefined> {
    const { model, where } = args as ConvexGateArguments["update"];
    if (method === "updateMany" || method === "deleteMany")
      return {
        result: (await reading(store, knowledge, "count", {
          model,
          where,
        })) as ConvexGateResults[M],
      };
    if (method === "update")
      await reading(store, knowledge, "findMany", { model, where, limit: 2 });
    else await reading(store, knowledge, "findOne", { model, where });
    return knowledge.foresee(method, args);
  }
}
