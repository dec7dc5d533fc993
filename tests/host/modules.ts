/** Evaluates bundled modules in a context, as ES modules, entry by entry. */
import * as vm from "node:vm";
import type { BundledModule } from "./push-request.js";

/** Modules of one app or component, by path. Compiled code is kept, evaluation is not: as in Convex. */
export interface ModuleSet {
  /** Evaluates the module at `path` with everything that it imports. Dynamic imports are refused unless allowed. */
  evaluate(path: string, context: vm.Context, options?: EvaluateOptions): Promise<EvaluatedModule>;
  has(path: string): boolean;
  paths(): string[];
}

/** How a module is evaluated. */
export interface EvaluateOptions {
  dynamicImports?: boolean;
}

/** A module's exports and how much source was evaluated for them. */
export interface EvaluatedModule {
  namespace: Record<string, unknown>;
  bytes: number;
}

/** Node has it; its published types do not. */
type CachingModule = vm.SourceTextModule & { createCachedData(): Buffer };

/** The modules of one context. */
interface Graph {
  modules: Map<string, vm.SourceTextModule>;
  dynamicImports: boolean;
}

/** Makes the set. `provide` answers imports that are not part of it. */
export function createModuleSet(
  modules: readonly BundledModule[],
  provide?: (specifier: string, context: vm.Context) => vm.Module | undefined,
): ModuleSet {
  const sources = new Map(modules.map(({ path, source }) => [path, source]));
  const compiled = new Map<string, Buffer>();

  function instantiate(path: string, context: vm.Context, graph: Graph): vm.SourceTextModule {
    const known = graph.modules.get(path);
    if (known) return known;
    const source = sources.get(path);
    if (source === undefined) throw new Error(`there is no module ${path} in the bundle`);
    // Node forgets the callback below when it takes a module from a cache: fine where dynamic imports are refused.
    const cacheable = !graph.dynamicImports || !/\bimport\s*\(/.test(source);
    const cachedData = cacheable ? compiled.get(path) : undefined;
    const module = new vm.SourceTextModule(source, {
      context,
      identifier: path,
      ...(cachedData ? { cachedData } : {}),
      initializeImportMeta: () => {
        throw new Error("import.meta is not supported in Convex functions");
      },
      importModuleDynamically: (specifier: string) => {
        if (graph.dynamicImports) return load(resolve(path, specifier), context, graph);
        throw new TypeError(`dynamic module import unsupported: ${specifier}`);
      },
    });
    if (cacheable && !cachedData) compiled.set(path, (module as CachingModule).createCachedData());
    graph.modules.set(path, module);
    return module;
  }

  async function load(path: string, context: vm.Context, graph: Graph): Promise<vm.Module> {
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
    async evaluate(path, context, { dynamicImports = false } = {}) {
      const graph: Graph = { modules: new Map(), dynamicImports };
      const module = await load(path, context, graph);
      const bytes = [...graph.modules.keys()].reduce((sum, each) => sum + (sources.get(each)?.length ?? 0), 0);
      return { namespace: module.namespace as Record<string, unknown>, bytes };
    },
    has: (path) => sources.has(path),
    paths: () => [...sources.keys()],
  };
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
