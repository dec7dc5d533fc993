/** The store over the Convex component: every method is one call of one component function. */
import type { FunctionReference } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { GateError, isGateError } from "../errors/index.js";
import { isFault } from "../errors/fault.js";
import { expiryOf } from "./expiring.js";
import { askingForFaults, errorOf, orThrow } from "./fault-values.js";
import { joinedApart } from "./large-joins.js";
import { crowdingOf } from "./crowding.js";
import { withKnownParents } from "./known-parents.js";
import { checkArguments } from "./limits.js";
import { inShortLists, withShortLists } from "./long-lists.js";
import { createListMemory } from "./list-memory.js";
import { inPages, isLongList, isPaged } from "./pages.js";
import { isLaterPage } from "./parts.js";
import { convexLimitExceeded, tooBusy } from "./refusals.js";
import { retrying } from "./retry.js";
import type {
  ConvexGateArguments,
  ConvexGateMethod,
  ConvexGateResults,
  ConvexGateShape,
  ConvexGateStep,
  ConvexGateStore,
  ConvexGateStoreRecord as Row,
} from "./store.js";
import type { RateLimitDecision } from "./rate-limit-store.js";
import type { StoredKey, TokenStore } from "./token-store.js";

type Query = FunctionReference<"query", "internal">;
type Mutation = FunctionReference<"mutation", "internal">;

/** The members of a Convex ctx that the store uses. A query has only `runQuery`, and only an action has `runAction`. */
export interface StoreCtx {
  runQuery(reference: never, args: never): Promise<unknown>;
  runMutation?(reference: never, args: never): Promise<unknown>;
  /** Never called: its presence tells that calls are transactions of their own, so that large work can go in pages. */
  runAction?: unknown;
}

const readMethods: ReadonlySet<string> = new Set(["findOne", "findMany", "count"]);

/**
 * Makes the store that keeps records in the component. Where `ctx` is a query's, every write throws
 * `READ_ONLY_CONTEXT` and there is no transaction log. In an action, work of any size is done in pages; in a query or a
 * mutation what is too much for one transaction throws `LIMIT_EXCEEDED`, and nothing has changed.
 */
export function createComponentStore(component: ComponentApi, ctx: StoreCtx): ConvexGateStore {
  const call = createCaller(ctx);
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
              (await call.mutation(component.rateLimits.consume, {
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
                component.adapter.speculate,
                askingForFaults({ log: withKnownParents(log).map(withShortListsInStep) }),
              )) as unknown[],
          },
        }
      : {}),
  };
  return store;

  async function dispatch<M extends ConvexGateMethod>(
    method: M,
    args: ConvexGateArguments[M],
  ): Promise<unknown> {
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
      return call.query(component.adapter[method as "findOne"], args);
    }
    if (call.writable && opensSession(method, args as { model: string })) {
      const [row] = await commit([{ operation: { [method]: given } as never }]);
      return row;
    }
    const name = method === "delete" ? "deleteOne" : method;
    return call.mutation(component.adapter[name as "create"], args);
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
      ? call.mutation(component.transactions.commit, { log })
      : call.mutation(component.adapter.commit, askingForFaults({ log })));
    return answer as unknown[];
  }
}

function withShortListsInStep(step: ConvexGateStep): ConvexGateStep {
  const operations = Object.entries(step.operation).map(
    ([method, args]) => [method, withShortLists(args)] as const,
  );
  return { ...step, operation: Object.fromEntries(operations) as never };
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

/** The keys read by an earlier call of the same request. */
interface KeyMemory {
  recall(): StoredKey[] | undefined;
  remember(keys: StoredKey[]): StoredKey[];
}

function createKeyMemory(): KeyMemory {
  let known: StoredKey[] | undefined;
  return {
    recall: () => known,
    remember: (keys) => (known = keys),
  };
}

interface Caller {
  readonly writable: boolean;
  readonly paged: boolean;
  query(reference: Query, args: object): Promise<unknown>;
  mutation(reference: Mutation, args: object): Promise<unknown>;
}

function createCaller(ctx: StoreCtx): Caller {
  const { runMutation } = ctx;
  return {
    writable: runMutation !== undefined,
    paged: ctx.runAction !== undefined,
    async query(reference, args) {
      checkArguments(args);
      return retrying(ctx, () => ctx.runQuery(reference as never, args as never)).then(
        orThrow,
        rethrow,
      );
    },
    async mutation(reference, args) {
      checkArguments(args);
      if (runMutation) {
        const run = (): Promise<unknown> => runMutation(reference as never, args as never);
        return retrying(ctx, run, { begun: isLaterPage(args) }).then(orThrow, rethrow);
      }
      throw new GateError(
        "READ_ONLY_CONTEXT",
        "a Convex query cannot write auth data: call this from a mutation, an action or an HTTP action",
      );
    },
  };
}

/** A ConvexError of the component keeps its data across the boundary but not its class, so the data is what counts. */
function rethrow(error: unknown): never {
  const data = error instanceof Error && "data" in error ? parsed(error.data) : undefined;
  if (isFault(data)) throw errorOf(data, error);
  if (crowdingOf(error) !== undefined) throw tooBusy(error);
  throw convexLimitExceeded(error) ?? error;
}

function parsed(data: unknown): unknown {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function createTokenStore(component: ComponentApi, call: Caller, keys: KeyMemory): TokenStore {
  return {
    writable: call.writable,
    async tokenContext(token) {
      const found = await call.query(component.sessions.tokenContext, { token });
      return found as Awaited<ReturnType<TokenStore["tokenContext"]>>;
    },
    async storeToken(entry) {
      return (await call.mutation(component.tokens.store, entry)) as boolean;
    },
    async listKeys() {
      return (
        keys.recall() ?? keys.remember((await call.query(component.keys.list, {})) as StoredKey[])
      );
    },
    async addKey(key, expectNewest, retireOthersAt) {
      const args = {
        key,
        expectNewest,
        ...(retireOthersAt === undefined ? {} : { retireOthersAt }),
        expires: expiryOf("gateKeys"),
      };
      return keys.remember((await call.mutation(component.keys.add, args)) as StoredKey[]);
    },
    async retireKey(id, retiredAt) {
      return keys.remember(
        (await call.mutation(component.keys.retire, { id, retiredAt })) as StoredKey[],
      );
    },
  };
}
