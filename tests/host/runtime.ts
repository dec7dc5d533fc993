/** Runs a function of the bundle: a fresh context, its module evaluated, the real registered function invoked. */
import { AsyncLocalStorage } from "node:async_hooks";
import { limitingSyscalls } from "./limits.js";
import type { ModuleSet } from "./modules.js";
import type { CallRecord, FunctionKind, Metrics } from "./metrics.js";
import type { Syscalls } from "./syscalls.js";
import { countingSyscalls, refusePagination } from "./syscalls.js";
import { createRuntimeContext } from "./context.js";

/** Where a module lives and what its functions see. */
export interface FunctionHome {
  /** The component's path; empty for the app. */
  component: string;
  modules: ModuleSet;
  env: (name: string) => string | undefined;
}

/** A convex function as its module exports it, with what the host calls on it. */
export interface ExportedFunction {
  isQuery?: boolean;
  isMutation?: boolean;
  isAction?: boolean;
  isHttp?: boolean;
  isPublic?: boolean;
  isInternal?: boolean;
  exportArgs(): string;
  exportReturns(): string;
  invokeQuery(args: string): Promise<string>;
  invokeMutation(args: string): Promise<string>;
  invokeAction(requestId: string, args: string): Promise<string>;
  invokeHttpAction(request: Request): Promise<Response>;
}

/** Everything that calls have in common. */
export interface RuntimeOptions {
  metrics: Metrics;
  log: (line: string) => void;
  /** What `fetch` does in actions. @default Node's */
  fetch?: typeof fetch | undefined;
}

/** The clock of the query or mutation that runs: those that it calls share it. */
const transactionClock = new AsyncLocalStorage<{ callTime: number; over: boolean }>();

/** A module that was evaluated for one call. */
interface Invocation {
  namespace: Record<string, unknown>;
  record: CallRecord;
  adopt: (request: Request) => Request;
  /** Runs the handler. What it calls takes part in its transaction. */
  run: <T>(handler: () => Promise<T>) => Promise<T>;
  /** Notes that the handler threw. */
  failed: () => void;
  dispose: () => void;
}

/** Evaluates a module in a fresh context, ready for its handler to run. */
export async function openInvocation(
  { metrics, log, fetch }: RuntimeOptions,
  home: FunctionHome,
  call: { module: string; name: string; kind: FunctionKind },
  syscalls: Syscalls,
): Promise<Invocation> {
  const label = `${home.component === "" ? "" : `${home.component}/`}${call.module}:${call.name}`;
  const record = metrics.begin({
    component: home.component,
    function: `${call.module}:${call.name}`,
    kind: call.kind,
  });
  let importing = true;
  const outer = transactionClock.getStore();
  const isTransaction = call.kind === "query" || call.kind === "mutation";
  // A scheduled function inherits the async context of a mutation that is over.
  const callTime = isTransaction && outer?.over === false ? outer.callTime : Date.now();
  const clock = { callTime, over: !isTransaction };
  let fatal: { error: unknown } | undefined;
  const runtime = createRuntimeContext({
    kind: call.kind,
    env: home.env,
    callTime,
    fetch,
    onClockRead: () => (record.clockReads += 1),
    fatal: (error) => (fatal ??= { error }),
    log: (level, text) =>
      log(`[${label}] ${level === "log" || level === "info" ? "" : `${level}: `}${text}`),
  });
  const limited = limitingSyscalls(syscalls);
  const counted = countingSyscalls(
    home.component === "" ? limited : refusePagination(limited),
    record,
    () => importing,
  );
  Object.defineProperty(runtime.context, "Convex", { value: counted, configurable: true });
  const { namespace, bytes } = await home.modules.evaluate(`${call.module}.js`, runtime.context, {
    dynamicImports: call.kind === "action" || call.kind === "httpAction",
  });
  record.evaluatedBytes = bytes;
  importing = false;
  runtime.finishImport();
  return {
    namespace,
    record,
    adopt: runtime.adopt,
    async run(handler) {
      const result = await transactionClock.run(clock, handler);
      if (fatal) throw fatal.error;
      return result;
    },
    failed: () => {
      record.contextDropped = namespace["experimental_reuseContext"] === true;
    },
    dispose: () => {
      clock.over = true;
      runtime.dispose();
    },
  };
}
