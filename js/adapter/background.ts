/** Work that a request began and did not wait for. Convex drops whatever still runs when an action answers. */
import { carriedBy } from "./carried.js";
import type { ConvexGateStore } from "./store.js";

/** The unfinished work of one Better Auth instance. */
export interface Background {
  /** True once somebody has said that they will wait until it is settled, as the routes do before they answer. */
  isAwaited: boolean;
  /** Keeps a promise until it is settled. An error is told to `failed` and to nobody else. */
  add(task: Promise<unknown>, failed?: (error: unknown) => void): void;
  /** Waits until all work is done, also what it begins itself. Never throws. Needs timers, so it is for actions. */
  settled(): Promise<void>;
}

/** Nothing has begun yet. */
export function createBackground(): Background {
  const tasks = new Set<Promise<unknown>>();
  return {
    isAwaited: false,
    add(task, failed = () => undefined) {
      const ended = task.catch(failed).finally(() => tasks.delete(ended));
      tasks.add(ended);
    },
    async settled() {
      while (tasks.size > 0) {
        await Promise.all(tasks);
        // Whoever waited for one of them goes on first, and may begin the next.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    },
  };
}

/** A store whose calls count as work: plugins begin some that they do not wait for. */
export function watched(store: ConvexGateStore, background: Background): ConvexGateStore {
  return {
    ...store,
    run(method, args) {
      const call = store.run(method, args);
      background.add(call);
      return call;
    },
  };
}

/** The work of a Better Auth adapter's instance; undefined for an adapter that is not convex-gate's. */
export function backgroundOf(adapter: unknown): Background | undefined {
  return carriedBy(adapter, "background") as Background | undefined;
}
