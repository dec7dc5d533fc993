/** Calls of the component's functions: tried again where there was no room, their refusals thrown as errors. */
import type { DefaultFunctionArgs, FunctionReference } from "convex/server";
import { dataOf, isFault } from "../errors/fault.js";
import { GateError } from "../errors/index.js";
import { crowdingOf } from "./crowding.js";
import { errorOf, orThrow } from "./fault-values.js";
import { checkArguments } from "./limits.js";
import { isLaterPage } from "./parts.js";
import { convexLimitExceeded, tooBusy } from "./refusals.js";
import { isAction, retrying } from "./retry.js";

type Query = FunctionReference<"query", "internal">;
type Mutation = FunctionReference<"mutation", "internal">;

/** The members of a Convex ctx that the store uses. A query has only `runQuery`, and only an action has `runAction`. */
export interface StoreCtx {
  runQuery(reference: Query, args: DefaultFunctionArgs): Promise<unknown>;
  runMutation?(reference: Mutation, args: DefaultFunctionArgs): Promise<unknown>;
  /** Never called: its presence tells that calls are transactions of their own, so that large work can go in pages. */
  runAction?: unknown;
}

/** The functions as one ctx can call them. */
export interface Caller {
  /** False in a query. */
  readonly writable: boolean;
  /** True in an action, where each call is a transaction of its own. */
  readonly paged: boolean;
  query(reference: Query, args: object): Promise<unknown>;
  /** With `begun` the call goes on with what others have done in part. @default when the arguments are of a later page */
  mutation(reference: Mutation, args: object, options?: { begun?: boolean }): Promise<unknown>;
}

/** Binds the calls to a ctx. A mutation in a query's ctx throws `READ_ONLY_CONTEXT`. */
export function createCaller(ctx: StoreCtx): Caller {
  const { runMutation } = ctx;
  return {
    writable: runMutation !== undefined,
    paged: isAction(ctx),
    async query(reference, args) {
      checkArguments(args);
      return retrying(ctx, () => ctx.runQuery(reference, args as DefaultFunctionArgs)).then(
        orThrow,
        rethrow,
      );
    },
    async mutation(reference, args, { begun = isLaterPage(args) } = {}) {
      checkArguments(args);
      if (runMutation) {
        const run = (): Promise<unknown> => runMutation(reference, args as DefaultFunctionArgs);
        return retrying(ctx, run, { begun }).then(orThrow, rethrow);
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
  const data = dataOf(error);
  if (isFault(data)) throw errorOf(data, error);
  if (crowdingOf(error) !== undefined) throw tooBusy(error);
  throw convexLimitExceeded(error) ?? error;
}
