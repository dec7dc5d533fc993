/** The system calls of a function, delegated to `convex-test` with what it lacks added, and counted. */
import type { UserIdentity } from "convex/server";
import { ConvexError, convexToJson, jsonToConvex } from "convex/values";
import type { Value } from "convex/values";
import { currentCaller } from "./caller.js";
import type { CallRecord } from "./metrics.js";
import type { Syscalls } from "./syscall-seam.js";
import { speakingSyscalls } from "./transaction-limits.js";

/** What `convex-test` gives a handler and the host passes on. */
export interface TestCtx {
  auth: { getUserIdentity(): Promise<UserIdentity | null> };
  runQuery?: RunFunction;
  runMutation?: RunFunction;
  runAction?: RunFunction;
}

type RunFunction = (reference: never, args: never) => Promise<unknown>;

/** What stands before each query and mutation that an action calls: it is no part of a transaction. */
export type CallGate = <T>(
  kind: "query" | "mutation",
  name: string,
  run: () => Promise<T>,
) => Promise<T>;

/** The system calls for a handler that `convex-test` runs with `ctx`. */
export function delegatedSyscalls(ctx: TestCtx, gate: CallGate): Syscalls {
  // convex-test keeps the current execution in async-local storage behind this global.
  const test = speakingSyscalls((globalThis as unknown as { Convex: Syscalls }).Convex);
  const { asyncSyscall, syscall, jsSyscall } = test;
  return {
    syscall: (operation, args) => syscall(operation, args),
    jsSyscall: (operation, args) => jsSyscall(operation, args),
    async asyncSyscall(operation, args) {
      switch (operation) {
        case "1.0/getUserIdentity": {
          // convex-test would forget it in a component.
          const identity = currentCaller()?.identity ?? (await ctx.auth.getUserIdentity());
          if (identity instanceof Error) throw identity;
          return JSON.stringify(identity);
        }
        case "1.0/getRequestMetadata": {
          // Asked in any case: it refuses queries.
          const answer = await asyncSyscall(operation, args);
          const metadata = currentCaller()?.metadata;
          return metadata ? JSON.stringify(metadata) : answer;
        }
        // In an action convex-test replaces these members of ctx instead of answering the system calls.
        case "1.0/actions/query":
          return await gate("query", nameOf(args), () => call(ctx.runQuery, args));
        case "1.0/actions/mutation":
          return await gate("mutation", nameOf(args), () => call(ctx.runMutation, args));
        case "1.0/actions/action":
          return await call(ctx.runAction, args);
        default:
          return await withJsonData(() => asyncSyscall(operation, args));
      }
    },
  };
}

/** `module:function` of what is called, in whichever component it is. */
function nameOf(text: string): string {
  const { name, reference } = JSON.parse(text) as { name?: string; reference?: string };
  return name ?? reference?.split("/").slice(-2).join(":") ?? "";
}

function call(run: RunFunction | undefined, text: string): Promise<string> {
  const { name, reference, functionHandle, args } = JSON.parse(text) as {
    name?: string;
    reference?: string;
    functionHandle?: string;
    args: never;
  };
  if (!run) throw new Error("this function cannot call other functions");
  const target = name ?? functionHandle ?? { [Symbol.for("toReferencePath")]: reference };
  return withJsonData(async () => {
    const result = await run(target as never, jsonToConvex(args) as never);
    return JSON.stringify(convexToJson((result ?? null) as Value));
  });
}

/** An error's data crosses as JSON, as the backend sends it; the class of a ConvexError does not cross. */
async function withJsonData<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConvexError)) throw error;
    const data: unknown = error.data;
    throw Object.assign(new Error(error.message), { data: convexToJson(data as Value) });
  }
}

/**
 * System calls that an action's handler can make until it is over. A promise that nobody awaited is dropped then, as on
 * Convex: what it asks for later never comes.
 */
export function endable(inner: Syscalls): { syscalls: Syscalls; end: () => void } {
  let over = false;
  return {
    syscalls: {
      syscall: (operation, args) => inner.syscall(operation, args),
      jsSyscall: (operation, args) => inner.jsSyscall(operation, args),
      asyncSyscall: (operation, args) =>
        over ? new Promise<never>(() => undefined) : inner.asyncSyscall(operation, args),
    },
    end: () => {
      over = true;
    },
  };
}

/** An error of a context as one of the host's realm. The `convex` library has written a ConvexError's data as JSON. */
export function ofThisRealm(error: unknown): unknown {
  if (typeof error !== "object" || error === null || !("message" in error)) return error;
  const { message } = error as { message: string };
  const rebuilt =
    Symbol.for("ConvexError") in error && "data" in error
      ? new ConvexError(jsonToConvex(JSON.parse(error.data as string) as never))
      : new Error(message);
  if ("stack" in error && typeof error.stack === "string") rebuilt.stack = error.stack;
  return rebuilt;
}

/** Counts the rows that a function's own queries give it, and refuses everything while modules are imported. */
export function countingSyscalls(
  inner: Syscalls,
  record: CallRecord,
  importing: () => boolean,
): Syscalls {
  const guard = (operation: string): void => {
    if (importing())
      throw new Error(`${operation}: Convex functions cannot be called while modules are imported`);
  };
  return {
    syscall(operation, args) {
      guard(operation);
      return inner.syscall(operation, args);
    },
    jsSyscall(operation, args) {
      guard(operation);
      return inner.jsSyscall(operation, args);
    },
    async asyncSyscall(operation, args) {
      guard(operation);
      const text = await inner.asyncSyscall(operation, args);
      if (
        operation === "1.0/queryStreamNext" &&
        (JSON.parse(text) as { done: boolean }).done === false
      ) {
        record.documentsRead += 1;
      }
      if (operation === "1.0/get" && text !== "null") record.documentsRead += 1;
      if (operation === "1.0/queryPage") {
        record.documentsRead += (JSON.parse(text) as { page: unknown[] }).page.length;
      }
      return text;
    },
  };
}

/** Convex has no pagination inside components; convex-test does. */
export function refusePagination(inner: Syscalls): Syscalls {
  return {
    syscall: (operation, args) => inner.syscall(operation, args),
    jsSyscall: (operation, args) => inner.jsSyscall(operation, args),
    asyncSyscall(operation, args) {
      if (operation !== "1.0/queryPage") return inner.asyncSyscall(operation, args);
      return Promise.reject(
        new Error(
          "paginate() is only supported in the app. Learn more at https://docs.convex.dev/components/authoring#pagination",
        ),
      );
    },
  };
}
