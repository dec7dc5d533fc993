/** Faults on purpose: the nth operation of a request fails, in the adapter, on the way to the component or inside it. */
import type { DBAdapter } from "better-auth/adapters";
import type {
  ConvexGateOperation,
  ConvexGateStep,
  ConvexGateStore,
} from "../../../js/adapter/index.js";

/** Where a fault strikes. */
export type Place =
  /** A method of Better Auth's adapter throws, in a transaction or not. */
  | "adapter method"
  /** A component call never arrives. */
  | "call that does not arrive"
  /** A component call throws when it has done everything, so that its transaction is rolled back. */
  | "call that fails at its end"
  /** A component call is made, but its answer is lost. */
  | "answer that is lost"
  /** A hook of the app throws: before a row is written, or after it was. */
  | "hook";

export const places: readonly Place[] = [
  "adapter method",
  "call that does not arrive",
  "call that fails at its end",
  "answer that is lost",
  "hook",
];

/** A trap for one operation. */
export interface Trap {
  /** Strikes at the operation of this number, from 1 on; 0 for never. Begins to count. */
  arm(place: Place, number: number): void;
  /** How many operations there were at the armed place. */
  count(): number;
  adapter: (adapter: DBAdapter) => DBAdapter;
  store: (store: ConvexGateStore) => ConvexGateStore;
  /** A hook for every occasion. */
  hook: () => Promise<void>;
}

/** What the trap throws. */
export class StruckError extends Error {}

/** Fails in the component after everything before it in the log was done. */
const broken: ConvexGateStep = {
  operation: { findMany: { model: "no such name" } } as ConvexGateOperation,
};

export function createTrap(): Trap {
  let armed: Place | undefined;
  let number = 0;
  let counted = 0;

  const strikes = (place: Place): boolean => place === armed && (counted += 1) === number;

  async function call<T>(work: () => Promise<T>, poisoned: () => Promise<unknown>): Promise<T> {
    if (strikes("call that does not arrive")) throw new StruckError("not sent");
    if (strikes("call that fails at its end")) {
      await poisoned();
      throw new Error("the component was to fail");
    }
    const lost = strikes("answer that is lost");
    const result = await work();
    if (lost) throw new StruckError("not received");
    return result;
  }

  function trapped<T extends object>(adapter: T): T {
    return new Proxy(adapter, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        if (name === "transaction") {
          return (callback: (inner: object) => unknown) =>
            (member as (run: (inner: object) => unknown) => unknown)((inner) =>
              callback(trapped(inner)),
            );
        }
        return async (...args: unknown[]): Promise<unknown> => {
          if (strikes("adapter method")) throw new StruckError("adapter");
          return await (member as (...args: unknown[]) => unknown)(...args);
        };
      },
    });
  }

  return {
    arm(place, at) {
      armed = place;
      number = at;
      counted = 0;
    },
    count: () => counted,
    adapter: trapped,
    hook: () => {
      if (strikes("hook")) throw new StruckError("hook");
      return Promise.resolve();
    },
    store(store) {
      const { log } = store;
      if (!log) return store;
      return {
        ...store,
        run: (method, args) =>
          call(
            () => store.run(method, args),
            () => log.commit([{ operation: { [method]: args } as never }, broken]),
          ),
        log: {
          commit: (steps) =>
            call(
              () => log.commit(steps),
              () => log.commit([...steps, broken]),
            ),
          speculate: (steps) =>
            call(
              () => log.speculate(steps),
              () => log.speculate([...steps, broken]),
            ),
        },
      };
    },
  };
}
