/** Data and transactions: the real `convex-test`, given stand-ins that run the bundle's functions in fresh contexts. */
import { convexTest } from "convex-test";
import type { TestConvex } from "convex-test";
import type { Cron } from "./crons.js";
import type { InstalledComponent } from "./definitions.js";
import { readSchema } from "./definitions.js";
import type { FunctionKind } from "./metrics.js";
import { createModuleSet } from "./modules.js";
import type { PushRequest } from "./push-request.js";
import type { Concurrency } from "./optimistic.js";
import { makeOptimistic } from "./optimistic.js";
import { createOverloads } from "./overload.js";
import type { Overloads } from "./overload.js";
import { retried } from "./retries.js";
import type { ExportedFunction, FunctionHome, RuntimeOptions } from "./runtime.js";
import type { StandInModule } from "./stand-ins.js";
import { analyse, kindOf } from "./stand-ins.js";
import type { CallGate } from "./syscalls.js";
import { createWriteRate } from "./write-rate.js";

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
