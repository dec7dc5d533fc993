/**
 * Modules that say "use node". Convex runs them in Node, apart from its own runtime; here they run in the host's process,
 * with the packages and the globals of Node. Each call evaluates its module again.
 */
import { createRequire } from "node:module";
import { inspect } from "node:util";
import type { CallRecord, Metrics } from "./metrics.js";
import type { ExportedFunction, FunctionHome } from "./runtime.js";
import type { EntryScript } from "./scripts.js";
import type { Syscalls } from "./syscall-seam.js";

/** What a module of Node sees beside Node's globals. */
interface NodeGlobals {
  Convex: Syscalls;
  process: object;
  console: object;
  fetch: typeof fetch;
  globalThis: object;
}

type Namespace = Record<string, unknown>;

type NodeWrapper = (
  module: { exports: Namespace },
  require: NodeJS.Require,
  globals: NodeGlobals,
) => void;

const require = createRequire(import.meta.url);

/** Whether the module at `path` is one for Node. */
export function isForNode({ modules }: FunctionHome, path: string): boolean {
  return modules.environmentOf(path) === "node";
}

/** What the module exports. */
export async function evaluateInNode(
  home: FunctionHome,
  path: string,
  {
    syscalls,
    fetch: fetched = fetch,
    log = () => undefined,
  }: { syscalls: Syscalls; fetch?: typeof fetch | undefined; log?: (line: string) => void },
): Promise<{ namespace: Namespace; bytes: number }> {
  const { script, bytes }: EntryScript = await home.modules.compileForNode(path);
  const module = { exports: {} as Namespace };
  const env = new Proxy({}, { get: (_, name) => home.env(String(name)) });
  const write = (...values: unknown[]): void =>
    log(
      values
        .map((value) => (typeof value === "string" ? value : inspect(value, { depth: 4 })))
        .join(" "),
    );
  const own: Omit<NodeGlobals, "globalThis"> = {
    Convex: syscalls,
    process: Object.create(process, { env: { value: env } }) as object,
    console: { ...console, debug: write, error: write, info: write, log: write, warn: write },
    fetch: fetched,
  };
  // Better Auth asks `globalThis.process` for variables.
  const globals = new Proxy(globalThis, {
    get: (target, name) => Reflect.get(name in own ? own : target, name) as unknown,
  });
  (script.runInThisContext() as NodeWrapper)(module, require, { ...own, globalThis: globals });
  return { namespace: module.exports, bytes };
}

/** Refuses what a push would refuse: Node runs actions only. */
export function checkNodeFunction(path: string, name: string, exported: ExportedFunction): void {
  if (exported.isAction === true) return;
  const kind = exported.isQuery === true ? "Query" : "Mutation";
  throw new Error(
    `\`${name}\` defined in \`${path}\` is a ${kind} function. Only actions can be defined in Node.js. See https://docs.convex.dev/functions/actions for more details.`,
  );
}

/** Runs an action of such a module. */
export async function runInNode(
  home: FunctionHome,
  { module, name }: { module: string; name: string },
  args: string,
  options: {
    metrics: Metrics;
    log: (line: string) => void;
    syscalls: Syscalls;
    fetch: typeof fetch;
  },
): Promise<string> {
  const label = `${module}:${name}`;
  const record: CallRecord = options.metrics.begin({
    component: home.component,
    function: label,
    kind: "action",
  });
  const { namespace, bytes } = await evaluateInNode(home, `${module}.js`, {
    ...options,
    log: (text) => options.log(`[${label}] ${text}`),
  });
  record.evaluatedBytes = bytes;
  return (namespace[name] as ExportedFunction).invokeAction("", args);
}
