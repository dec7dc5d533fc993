/** The store over the Convex component: every method is one call of one component function. */
import type { ComponentApi } from "../../convex/_generated/component.js";
import { isGateError } from "../errors/index.js";
import type { StoreCtx } from "./component-calls.js";
import { createCaller } from "./component-calls.js";
import { createKeyMemory, createTokenStore } from "./component-tokens.js";
import { askingForFaults } from "./fault-values.js";
import { withKnownParents } from "./known-parents.js";
import { joinedApart } from "./large-joins.js";
import { createListMemory } from "./list-memory.js";
import { inShortLists, withShortLists } from "./long-lists.js";
import { inPages, isLongList, isPaged } from "./pages.js";
import { withReached } from "./reached.js";
import type { RateLimitDecision } from "../protocol/rate-limit.js";
import type {
  ConvexGateArguments,
  ConvexGateMethod,
  ConvexGateResults,
  ConvexGateShape,
  ConvexGateStep,
  ConvexGateStore,
  ConvexGateStoreRecord as Row,
} from "./store.js";
import type { StoredKey } from "./token-store.js";
import type { StoreTriggers } from "./triggered-writes.js";
import { createWrites } from "./triggered-writes.js";

export type { StoreCtx } from "./component-calls.js";

const readMethods: ReadonlySet<string> = new Set(["findOne", "findMany", "count"]);
const deletions: ReadonlySet<string> = new Set(["delete", "deleteMany", "consumeOne"]);

/**
 * Makes the store that keeps records in the component. Where `ctx` is a query's, every write throws
 * `READ_ONLY_CONTEXT` and there is no transaction log. In an action, work of any size is done in pages; in a query or a
 * mutation what is too much for one transaction throws `LIMIT_EXCEEDED`, and nothing has changed. With `triggers`, what they
 * are interested in is written by the app's own mutation, in which they run.
 */
export function createComponentStore(
  component: ComponentApi,
  ctx: StoreCtx,
  triggers?: StoreTriggers,
): ConvexGateStore {
  const call = createCaller(ctx);
  const writes = createWrites(component, call, triggers);
  const keys = createKeyMemory();

  const store: ConvexGateStore = {
    async run(method, args) {
      return (await dispatch(method, args)) as ConvexGateResults[typeof method];
    },
    paged: call.paged,
    tokens: createTokenStore(component, call, keys),
    ...(call.writable
      ? {
          declareShape: async (declared: ConvexGateShape) => {
            await call.mutation(component.shapes.declare, declared);
          },
          rateLimits: {
            consume: async (key, { window, max }, keep) =>
              (await call.mutation(component.gate.consumeRate, {
                key,
                window,
                max,
                keep,
              })) as RateLimitDecision,
          },
          log: {
            commit: (log: ConvexGateStep[]) => commit(log),
            speculate: async (log: ConvexGateStep[]) =>
              (await call.mutation(
                component.gate.speculate,
                askingForFaults({
                  log: withKnownParents(log).map(withShortListsInStep).map(withoutPreparation),
                }),
              )) as unknown[],
          },
          ...(writes.triggers && { triggers: writes.triggers }),
        }
      : {}),
  };
  return store;

  async function dispatch<M extends ConvexGateMethod>(
    method: M,
    given: ConvexGateArguments[M],
  ): Promise<unknown> {
    const args = deletions.has(method) ? withReached(given) : given;
    if (!call.paged) {
      return isLongList(method, args)
        ? inPages(method, args, (page) => single(method, page), { atOnce: true })
        : single(method, args);
    }
    if (method === "findOne") return findOne(args as ConvexGateArguments["findOne"]);
    if (!isPaged(method)) return single(method, args);
    const memory = createListMemory();
    const all = (part: ConvexGateArguments[M]): Promise<unknown> =>
      inPages(method, part, (page) => single(method, page), { memory });
    return inShortLists(method, args, all) ?? all(args);
  }

  async function findOne(args: ConvexGateArguments["findOne"]): Promise<unknown> {
    try {
      return await single("findOne", args);
    } catch (error) {
      if (!args.join || !isGateError(error, "LIMIT_EXCEEDED")) throw error;
      return joinedApart(args, async (part) => (await dispatch("findMany", part)) as Row[]);
    }
  }

  async function single(method: ConvexGateMethod, given: object): Promise<unknown> {
    const args = askingForFaults(withShortLists(given));
    if (readMethods.has(method)) {
      return call.query(component.gate[method as "findOne"], args);
    }
    if (call.writable && opensSession(method, args as { model: string })) {
      const [row] = await commit([
        { operation: { [method]: given } as ConvexGateStep["operation"] },
      ]);
      return row;
    }
    const name = method === "delete" ? "deleteOne" : method;
    return writes.run(`gate.${name as "create"}`, args);
  }

  /** Commits a log; one that opens a session also brings the keys along, for the JWT cookie that follows. */
  async function commit(given: ConvexGateStep[]): Promise<unknown[]> {
    const log = withKnownParents(given).map(withShortListsInStep);
    const wantsKeys = log.some(({ operation }) =>
      "create" in operation ? opensSession("create", operation.create) : false,
    );
    const results = await write(wantsKeys ? [...log, { operation: { listKeys: {} } }] : log);
    if (wantsKeys) keys.remember(results.pop() as StoredKey[]);
    return results;
  }

  /** What can be refused after it has written goes where nothing is lost by an error. */
  async function write(log: object[]): Promise<unknown[]> {
    const answer = await (writesFirst(log)
      ? writes.run("transactions.commit", { log })
      : writes.run("gate.commit", askingForFaults({ log })));
    return answer as unknown[];
  }
}

/** What the component is told of a step. */
function withoutPreparation({ prepared: _prepared, ...step }: ConvexGateStep): ConvexGateStep {
  return step;
}

function withShortListsInStep(step: ConvexGateStep): ConvexGateStep {
  const operations = Object.entries(step.operation).map(
    ([method, args]) => [method, withShortLists(args)] as const,
  );
  return { ...step, operation: Object.fromEntries(operations) as ConvexGateStep["operation"] };
}

/** True for a log with a step behind its first write that may be refused: another write, or a result that has to come out again. */
function writesFirst(log: readonly { operation?: object; expect?: unknown }[]): boolean {
  const kinds = log.map(({ operation = {}, expect }) => ({
    writes: Object.keys(operation).some(
      (method) => !readMethods.has(method) && method !== "listKeys",
    ),
    observed: expect !== undefined,
  }));
  const first = kinds.findIndex(({ writes }) => writes);
  return first >= 0 && kinds.slice(first + 1).some(({ writes, observed }) => writes || observed);
}

function opensSession(method: ConvexGateMethod, args: { model: string }): boolean {
  return method === "create" && args.model === "session";
}
