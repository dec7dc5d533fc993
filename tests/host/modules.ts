/** Evaluates bundled modules in a context, as ES modules, entry by entry. */
import * as vm from "node:vm";
import type { BundledModule } from "./push-request.js";

/** Modules of one app or component, by path. Compiled code is kept, evaluation is not: as in Convex. */
export interface ModuleSet {
  /** Evaluates the module at `path` with everything that it imports. */
  evaluate(path: string, context: vm.Context): Promise<EvaluatedModule>;
  has(path: string): boolean;
  paths(): string[];
}

/** A module's exports and how much source was evaluated for them. */
export interface EvaluatedModule {
  namespace: Record<string, unknown>;
  bytes: number;
}

/** Makes the set. `provide` answers imports that are not part of it. */
export function createModuleSet(
  modules: readonly BundledModule[],
  provide?: (specifier: string, context: vm.Context) => vm.Module | undefined,
): ModuleSet {
  const sources = new Map(modules.map(({ path, source }) => [path, source]));
  const compiled = new Map<string, Buffer>();

  function instantiate(path: string, context: vm.Context, graph: Map<string, vm.SourceTextModule>): vm.SourceTextModule {
    const known = graph.get(path);
    if (known) return known;
    const source = sources.get(path);
    if (source === undefined) throw new Error(`there is no module ${path} in the bundle`);
    const cachedData = compiled.get(path);
    const module = new vm.SourceTextModule(source, {
      context,
      identifier: path,
      ...(cachedData ? { cachedData } : {}),
      initializeImportMeta: () => {
        throw new Error("import.meta is not supported in Convex functions");
      },
      importModuleDynamically: ((specifier: string) =>
        load(resolve(path, specifier), context, graph)) as never,
    });
    if (!cachedData) compiled.set(path, module.createCachedData());
    graph.set(path, module);
    return module;
  }

  async function load(path: string, context: vm.Context, graph: Map<string, vm.SourceTextModule>): Promise<vm.Module> {
    const module = instantiate(path, context, graph);
    if (module.status === "unlinked") {
      await module.link((specifier, referencing) => {
        const provided = provide?.(specifier, context);
        return provided ?? instantiate(resolve(referencing.identifier, specifier), context, graph);
      });
    }
    if (module.status === "linked") await module.evaluate();
    return module;
  }

  return {
    async evaluate(path, context) {
      const graph = new Map<string, vm.SourceTextModule>();
      const module = await load(path, context, graph);
      const bytes = [...graph.keys()].reduce((sum, each) => sum + (sources.get(each)?.length ?? 0), 0);
      return { namespace: module.namespace as Record<string, unknown>, bytes };
    },
    has: (path) => sources.has(path),
    paths: () => [...sources.keys()],
  };
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
