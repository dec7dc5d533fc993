/** Data and transactions: the real `convex-test`, given stand-ins that run the bundle's functions in fresh contexts. */
import { convexTest } from "convex-test";
import type { TestConvex } from "convex-test";
import { convexToJson, jsonToConvex } from "convex/values";
import type { Value } from "convex/values";
import { actionsFetch } from "./actions-fetch.js";
import { createRuntimeContext } from "./context.js";
import type { Cron } from "./crons.js";
import { readCrons } from "./crons.js";
import type { InstalledComponent } from "./definitions.js";
import { readSchema } from "./definitions.js";
import { checkArguments, checkResult } from "./limits.js";
import type { FunctionKind } from "./metrics.js";
import { createModuleSet } from "./modules.js";
import type { ModuleSet } from "./modules.js";
import { checkNodeFunction, evaluateInNode, isForNode, runInNode } from "./node-actions.js";
import type { PushRequest } from "./push-request.js";
import type { Concurrency } from "./optimistic.js";
import { makeOptimistic } from "./optimistic.js";
import { createOverloads } from "./overload.js";
import type { Overloads } from "./overload.js";
import { retried } from "./retries.js";
import type { ExportedFunction, FunctionHome, RuntimeOptions } from "./runtime.js";
import { openInvocation } from "./runtime.js";
import type { CallGate, TestCtx } from "./syscalls.js";
import { delegatedSyscalls, endable, ofThisRealm } from "./syscalls.js";
import { createWriteRate } from "./write-rate.js";
import { checkValue } from "./validators.js";
import type { ValidatorJson } from "./validators.js";

/** A module as convex-test sees it. */
type StandInModule = Record<string, unknown>;

/** The database with every function of the app and its components. */
export interface Storage {
  t: TestConvex<never>;
  app: FunctionHome;
  /** Stands before each query and mutation that is no part of another. */
  gate: CallGate;
  overloads: Overloads;
  /** Absent where transactions only take turns. */
  concurrency?: Concurrency;
  watch: Concurrency["watch"];
  crons: readonly Cron[];
  /** What a public function is, or an internal one too, by `module:name`; undefined when there is none. */
  kindOf(path: string, withInternal?: boolean, component?: string): FunctionKind | undefined;
}

/** What calls have in common, who sees which variables, and who hears of writes. */
export interface StorageOptions extends RuntimeOptions {
  /** Whether mutations run at once and conflict, as on Convex. */
  concurrent: boolean;
  appEnv: (name: string) => string | undefined;
  systemEnv: (name: string) => string | undefined;
  /** Whether the writes of a second are limited, as on Convex. */
  writeLimit: boolean;
  /** Called after each commit that wrote something. */
  onCommit: () => void;
}

/** Installs the app and its components. Components see the variables that they were given. */
export async function createStorage(
  request: PushRequest,
  components: readonly InstalledComponent[],
  options: StorageOptions,
): Promise<Storage> {
  const app: FunctionHome = {
    component: "",
    modules: createModuleSet(request.appDefinition.changedModules),
    env: options.appEnv,
  };
  const overloads = createOverloads();
  const held: { concurrency?: Concurrency } = {};
  const gate: CallGate = async (kind, name, run) => {
    overloads.check(name);
    if (kind !== "mutation") return run();
    return options.concurrent && held.concurrency ? held.concurrency.run(name, run) : retried(run);
  };
  const { modules, crons } = await analyse(app, options, gate);
  const all = new Map([["", modules]]);
  const appSchema = await readSchema(request.appDefinition.schema);
  const tablesOf = (schema: typeof appSchema): Set<string> =>
    new Set(Object.keys(schema?.tables ?? {}));
  const declared = new Map([
    ["", tablesOf(appSchema)],
    ...components.map(({ path, schema }) => [path, tablesOf(schema)] as const),
  ]);
  const t = convexTest({
    ...optionalSchema(appSchema),
    modules: glob(modules),
    transactionLimits: true,
  });
  for (const { path, bundle, env, schema } of components) {
    const home: FunctionHome = {
      component: path,
      modules: createModuleSet(bundle.functions),
      env(name) {
        const binding = env.get(name);
        if (binding === undefined) return options.systemEnv(name);
        return "value" in binding ? binding.value : options.appEnv(binding.appVariable);
      },
    };
    const found = await analyse(home, options, gate);
    crons.push(...found.crons);
    all.set(path, found.modules);
    t.registerComponent(path, schema as never, glob(found.modules));
  }
  const concurrency = await makeOptimistic((handler) => t.run(handler), {
    ...(options.writeLimit && { writeRate: createWriteRate() }),
    isDeclared: (path, table) => declared.get(path)?.has(table) === true,
  });
  held.concurrency = concurrency;
  concurrency.onCommit(options.onCommit);
  return {
    t: t as unknown as TestConvex<never>,
    app,
    gate,
    overloads,
    ...(options.concurrent && { concurrency }),
    watch: (query) => concurrency.watch(query),
    crons,
    kindOf(path, withInternal = false, component = "") {
      const [module = "", name = "default"] = path.split(":");
      const standIn = all.get(component)?.get(module.replace(/\.js$/, ""))?.[name] as
        ExportedFunction | undefined;
      return standIn && (withInternal || standIn.isPublic === true) ? kindOf(standIn) : undefined;
    },
  };
}

function optionalSchema(schema: unknown): { schema: never } | Record<string, never> {
  return schema === undefined ? {} : { schema: schema as never };
}

function glob(modules: Map<string, StandInModule>): Record<string, () => Promise<StandInModule>> {
  const entries = [...modules].map(
    ([path, module]) => [`./convex/${path}.js`, () => Promise.resolve(module)] as const,
  );
  // convex-test finds the root by this folder's name.
  return Object.fromEntries([
    ["./convex/_generated/api.js", () => Promise.resolve({})],
    ...entries,
  ]);
}

/** What a push finds in the app or a component. */
interface Analysis {
  modules: Map<string, StandInModule>;
  crons: Cron[];
}

/** Evaluates every entry once, as the push's analysis does, and makes a stand-in for each function found. */
async function analyse(
  home: FunctionHome,
  options: StorageOptions,
  gate: CallGate,
): Promise<Analysis> {
  const modules = new Map<string, StandInModule>();
  const crons: Cron[] = [];
  const where = home.component === "" ? "the app" : `component ${home.component}`;
  for (const path of entryPaths(home.modules)) {
    checkPath(path, where);
    const namespace = await analysed(home, path);
    const module = path.replace(/\.js$/, "");
    const standIns: StandInModule = {};
    for (const name of Object.keys(namespace)) {
      const exported = namespace[name];
      if (!isExportedFunction(exported)) continue;
      if (isForNode(home, path)) checkNodeFunction(path, name, exported);
      standIns[name] = standIn(home, module, name, exported, options, gate);
    }
    modules.set(module, standIns);
    if (path === "crons.js") crons.push(...readCrons(home.component, namespace["default"]));
  }
  return { modules, crons };
}

async function analysed(home: FunctionHome, path: string): Promise<Record<string, unknown>> {
  if (isForNode(home, path)) {
    const refused = (): never => {
      throw new Error("Convex functions cannot be called while modules are imported");
    };
    const syscalls = { syscall: refused, asyncSyscall: refused, jsSyscall: refused };
    return (await evaluateInNode(home, path, { syscalls })).namespace;
  }
  const runtime = createRuntimeContext({
    kind: "analysis",
    env: home.env,
    callTime: 0,
    onClockRead: () => undefined,
    log: () => undefined,
  });
  const { namespace } = await home.modules.evaluate(path, runtime.context, {
    // Compiled as it will run; while it is analysed nothing can be imported anyway.
    dynamicImports: path === "http.js",
  });
  return namespace;
}

function entryPaths(modules: ModuleSet): string[] {
  const others = ["auth.config.js", "schema.js"];
  return modules.paths().filter((path) => !path.startsWith("_deps/") && !others.includes(path));
}

/** A push refuses module paths with other characters; a hyphen is the usual one. */
function checkPath(path: string, where: string): void {
  for (const segment of path.split("/")) {
    const fault =
      segment.length > 64
        ? `Path component is too long (${String(segment.length)} > maximum 64): ${segment.slice(0, 64)}...`
        : /^[A-Za-z0-9_.]+$/.test(segment)
          ? undefined
          : `Path component ${segment} can only contain alphanumeric characters, underscores, or periods.`;
    if (fault !== undefined) {
      throw new Error(`${path} is not a valid path to a Convex module. ${fault} (${where})`);
    }
  }
}

function isExportedFunction(value: unknown): value is ExportedFunction {
  return typeof value === "function" && "exportArgs" in value;
}

function kindOf(exported: ExportedFunction): FunctionKind {
  if (exported.isQuery === true) return "query";
  return exported.isMutation === true ? "mutation" : "action";
}

function standIn(
  home: FunctionHome,
  module: string,
  name: string,
  analysed: ExportedFunction,
  options: StorageOptions,
  gate: CallGate,
): unknown {
  const kind = kindOf(analysed);
  const args = JSON.parse(analysed.exportArgs()) as ValidatorJson;
  const returns = JSON.parse(analysed.exportReturns()) as ValidatorJson | null;
  const path = `${module}.js:${name}`;
  const handler = async (ctx: TestCtx, callArgs: Value): Promise<unknown> => {
    checkArguments(path, callArgs);
    checkValue("Argument", args, callArgs);
    let over = false;
    const { syscalls, end } = endable(delegatedSyscalls(ctx, gate));
    const fetched = actionsFetch(options.fetch ?? fetch, () => over);
    if (isForNode(home, `${module}.js`)) {
      try {
        const text = JSON.stringify(convexToJson([callArgs]));
        const shared = { ...options, syscalls, fetch: fetched };
        return jsonToConvex(
          JSON.parse(await runInNode(home, { module, name }, text, shared)) as never,
        );
      } catch (error) {
        throw ofThisRealm(error);
      } finally {
        over = true;
        end();
      }
    }
    const invocation = await openInvocation(
      { ...options, fetch: fetched },
      home,
      { module, name, kind },
      syscalls,
    );
    try {
      const exported = invocation.namespace[name] as ExportedFunction;
      const text = JSON.stringify(convexToJson([callArgs]));
      const result = jsonToConvex(
        JSON.parse(await invocation.run(() => invoke(exported, kind, text))) as never,
      );
      checkResult(path, result);
      checkValue("Returns", returns, result);
      return result;
    } catch (error) {
      invocation.failed();
      throw ofThisRealm(error);
    } finally {
      over = true;
      end();
      invocation.dispose();
    }
  };
  return Object.assign(() => undefined, {
    isQuery: analysed.isQuery,
    isMutation: analysed.isMutation,
    isAction: analysed.isAction,
    isPublic: analysed.isPublic,
    isInternal: analysed.isInternal,
    // convex-test has words of its own, and looks at a result when it has committed.
    exportArgs: () => JSON.stringify({ type: "any" }),
    exportReturns: () => "null",
    _handler: handler,
  });
}

function invoke(exported: ExportedFunction, kind: FunctionKind, args: string): Promise<string> {
  switch (kind) {
    case "query":
      return exported.invokeQuery(args);
    case "mutation":
      return exported.invokeMutation(args);
    default:
      return exported.invokeAction("", args);
  }
}
