/** Data and transactions: the real `convex-test`, given stand-ins that run the bundle's functions in fresh contexts. */
import { convexTest } from "convex-test";
import type { TestConvex } from "convex-test";
import { convexToJson, jsonToConvex } from "convex/values";
import type { Value } from "convex/values";
import { createRuntimeContext } from "./context.js";
import type { InstalledComponent } from "./definitions.js";
import { readSchema } from "./definitions.js";
import { checkArguments, checkResult } from "./limits.js";
import type { FunctionKind } from "./metrics.js";
import { createModuleSet } from "./modules.js";
import type { ModuleSet } from "./modules.js";
import type { PushRequest } from "./push-request.js";
import type { Concurrency } from "./optimistic.js";
import { makeOptimistic } from "./optimistic.js";
import { createOverloads } from "./overload.js";
import type { Overloads } from "./overload.js";
import { makeLookupsQuick } from "./quick-lookup.js";
import type { ExportedFunction, FunctionHome, RuntimeOptions } from "./runtime.js";
import { openInvocation } from "./runtime.js";
import type { CallGate, TestCtx } from "./syscalls.js";
import { delegatedSyscalls, ofThisRealm } from "./syscalls.js";

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
  /** What a public function is, or an internal one too, by `module:name`; undefined when there is none. */
  kindOf(path: string, withInternal?: boolean): FunctionKind | undefined;
}

/** What calls have in common, who sees which variables, and who hears of writes. */
export interface StorageOptions extends RuntimeOptions {
  /** Whether mutations run at once and conflict, as on Convex. */
  concurrent: boolean;
  appEnv: (name: string) => string | undefined;
  systemEnv: (name: string) => string | undefined;
  /** Called when a mutation's handler ends, a moment before it commits or rolls back: a query started now waits. */
  onMutation: () => void;
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
  let concurrency: Concurrency | undefined;
  const gate: CallGate = async (kind, name, run) => {
    overloads.check(name);
    return kind === "mutation" && concurrency ? concurrency.run(name, run) : run();
  };
  const analysed = await analyse(app, options, gate);
  const t = convexTest({
    ...optionalSchema(await readSchema(request.appDefinition.schema)),
    modules: glob(analysed),
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
    t.registerComponent(path, schema as never, glob(await analyse(home, options, gate)));
  }
  if (options.concurrent) concurrency = await makeOptimistic((handler) => t.run(handler));
  else await makeLookupsQuick((handler) => t.run(handler));
  return {
    t: t as unknown as TestConvex<never>,
    app,
    gate,
    overloads,
    ...(concurrency && { concurrency }),
    kindOf(path, withInternal = false) {
      const [module = "", name = "default"] = path.split(":");
      const standIn = analysed.get(module.replace(/\.js$/, ""))?.[name] as
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

/** Evaluates every entry once, as the push's analysis does, and makes a stand-in for each function found. */
async function analyse(
  home: FunctionHome,
  options: StorageOptions,
  gate: CallGate,
): Promise<Map<string, StandInModule>> {
  const modules = new Map<string, StandInModule>();
  const where = home.component === "" ? "the app" : `component ${home.component}`;
  for (const path of entryPaths(home.modules)) {
    checkPath(path, where);
    if (home.modules.environmentOf(path) === "node") {
      throw new Error(`${where}: ${path} says "use node", which the local host does not run`);
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
    const module = path.replace(/\.js$/, "");
    const standIns: StandInModule = {};
    for (const name of Object.keys(namespace)) {
      const exported = namespace[name];
      if (isExportedFunction(exported))
        standIns[name] = standIn(home, module, name, exported, options, gate);
    }
    modules.set(module, standIns);
  }
  return modules;
}

function entryPaths(modules: ModuleSet): string[] {
  const others = ["auth.config.js", "schema.js"];
  return modules.paths().filter((path) => !path.startsWith("_deps/") && !others.includes(path));
}

/** A push refuses module paths with other characters; a hyphen is the usual one. */
function checkPath(path: string, where: string): void {
  for (const segment of path.split("/")) {
    if (!/^[A-Za-z0-9_.]{1,64}$/.test(segment)) {
      throw new Error(
        `${where}: ${path} is not a valid module path: letters, digits, underscores and periods only, at most 64 a segment`,
      );
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
  const args = analysed.exportArgs();
  const returns = analysed.exportReturns();
  const path = `${module}.js:${name}`;
  const handler = async (ctx: TestCtx, callArgs: Value): Promise<unknown> => {
    checkArguments(path, callArgs);
    const invocation = await openInvocation(
      options,
      home,
      { module, name, kind },
      delegatedSyscalls(ctx, gate),
    );
    try {
      const exported = invocation.namespace[name] as ExportedFunction;
      const text = JSON.stringify(convexToJson([callArgs]));
      const result = jsonToConvex(
        JSON.parse(await invocation.run(() => invoke(exported, kind, text))) as never,
      );
      checkResult(path, result);
      return result;
    } catch (error) {
      invocation.failed();
      throw ofThisRealm(error);
    } finally {
      invocation.dispose();
      if (kind === "mutation") options.onMutation();
    }
  };
  return Object.assign(() => undefined, {
    isQuery: analysed.isQuery,
    isMutation: analysed.isMutation,
    isAction: analysed.isAction,
    isPublic: analysed.isPublic,
    isInternal: analysed.isInternal,
    exportArgs: () => args,
    exportReturns: () => returns,
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
