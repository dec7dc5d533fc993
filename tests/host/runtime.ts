/** Runs a function of the bundle: its module evaluated in a context, the real registered function invoked. */
import { AsyncLocalStorage } from "node:async_hooks";
import { limitingSyscalls } from "./limits.js";
import type { ModuleSet } from "./modules.js";
import type { CallRecord, FunctionKind, Metrics } from "./metrics.js";
import type { Syscalls } from "./syscall-seam.js";
import { countingSyscalls, refusePagination } from "./syscalls.js";
import type { RuntimeContext } from "./context.js";
import { createRuntimeContext } from "./context.js";
import type { Workers } from "./workers.js";

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
  /** Where contexts are kept. Without it every call has a fresh one. */
  workers?: Workers<EvaluatedContext> | undefined;
}

/** A context with a module that was evaluated in it. */
export interface EvaluatedContext {
  runtime: RuntimeContext;
  namespace: Record<string, unknown>;
  /** True while the variables that were read meanwhile have their values. */
  isCurrent(): boolean;
  dispose(): void;
}

/** The clock of the query or mutation that runs: those that it calls share it. */
const transactionClock = new AsyncLocalStorage<{ callTime: number; over: boolean }>();

/** A module that is ready for one call. */
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

/**
 * Evaluates a module in a fresh context, ready for its handler to run; or takes the context that the module's last call left,
 * if it is to be kept: as on Convex, for queries and mutations of modules that ask for it, and until one of them throws.
 */
export async function openInvocation(
  { metrics, log, fetch, workers }: RuntimeOptions,
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
  const outer = transactionClock.getStore();
  const isTransaction = call.kind === "query" || call.kind === "mutation";
  // A scheduled function inherits the async context of a mutation that is over.
  const callTime = isTransaction && outer?.over === false ? outer.callTime : Date.now();
  const clock = { callTime, over: !isTransaction };
  let fatal: { error: unknown } | undefined;
  const options = {
    kind: call.kind,
    callTime,
    onClockRead: () => void (record.clockReads += 1),
    fatal: (error: unknown) => void (fatal ??= { error }),
    log: (level: string, text: string) =>
      log(`[${label}] ${level === "log" || level === "info" ? "" : `${level}: `}${text}`),
  };
  const worker = workers?.enter(isTransaction ? `${home.component}/${call.module}` : undefined);
  const kept = worker?.kept?.isCurrent() === true ? worker.kept : undefined;
  if (!kept) worker?.kept?.dispose();
  kept?.runtime.resume(options);
  let importing = kept === undefined;
  const variables = new Map<string, string | undefined>();
  const env = (name: string): string | undefined => {
    const value = home.env(name);
    if (importing) variables.set(name, value);
    return value;
  };
  const runtime = kept?.runtime ?? createRuntimeContext({ ...options, env, fetch });
  const limited = limitingSyscalls(syscalls);
  const counted = countingSyscalls(
    home.component === "" ? limited : refusePagination(limited),
    record,
    () => importing,
  );
  Object.defineProperty(runtime.context, "Convex", { value: counted, configurable: true });
  let evaluated = kept;
  if (!evaluated) {
    const { namespace, bytes } = await home.modules
      .evaluate(`${call.module}.js`, runtime.context, {
        dynamicImports: call.kind === "action" || call.kind === "httpAction",
        onDynamicImport: (bytes) => (record.evaluatedBytes += bytes),
      })
      .catch((error: unknown) => {
        worker?.leave();
        throw error;
      });
    record.evaluatedBytes = bytes;
    importing = false;
    runtime.finishImport();
    const isCurrent = (): boolean =>
      [...variables].every(([name, value]) => home.env(name) === value);
    evaluated = { runtime, namespace, isCurrent, dispose: runtime.dispose };
  }
  const { namespace } = evaluated;
  const asksToBeKept = namespace["experimental_reuseContext"] === true;
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
      record.contextDropped = asksToBeKept;
    },
    dispose: () => {
      clock.over = true;
      const keeps = worker !== undefined && isTransaction && asksToBeKept && !record.contextDropped;
      if (!keeps) runtime.dispose();
      worker?.leave(keeps ? evaluated : undefined);
    },
  };
}
