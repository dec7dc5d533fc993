/** The state of a `convex-test` instance (0.0.60), which it gives to nobody. */
import { AsyncLocalStorage } from "node:async_hooks";

/** The members that this host changes: a database for each component, and what makes transactions. */
export interface TestState<Database, Manager = unknown> {
  components: Record<string, { db: Database }>;
  transactionManager: Manager;
}

/** The state of the instance whose method `run` is. */
export async function stateOf<State extends TestState<unknown>>(
  run: (handler: () => Promise<void>) => Promise<void>,
): Promise<State> {
  // An instance keeps its state in async-local storage, so it is noted on its way there.
  const { run: original } = AsyncLocalStorage.prototype;
  let state: State | undefined;
  AsyncLocalStorage.prototype.run = function (store: unknown, ...rest: never[]): never {
    if (typeof store === "object" && store !== null && "components" in store)
      state ??= store as State;
    return original.call(this, store, ...(rest as unknown as [never])) as never;
  };
  try {
    await run(() => Promise.resolve());
  } finally {
    AsyncLocalStorage.prototype.run = original;
  }
  if (!state) throw new Error("convex-test keeps its state elsewhere than in 0.0.60");
  return state;
}
