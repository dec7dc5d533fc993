/**
 * Evaluates bundled modules in a context, entry by entry. Node keeps every context alive in which a vm.SourceTextModule
 * was made (seen in 20.20), so an entry and its imports are joined into one script instead.
 */
import type * as vm from "node:vm";
import type { BundledModule } from "./push-request.js";
import type { EntryScript } from "./scripts.js";
import { compileEntry } from "./scripts.js";

/** A module's exports. */
export type Namespace = Record<string, unknown>;

/** Modules of one app or component, by path. Compiled code is kept, evaluation is not: as in Convex. */
export interface ModuleSet {
  /** Evaluates the module at `path` with everything that it imports. Dynamic imports are refused unless allowed. */
  evaluate(path: string, context: vm.Context, options?: EvaluateOptions): Promise<EvaluatedModule>;
  /** The module at `path` as a script for Node. */
  compileForNode(path: string): Promise<EntryScript>;
  has(path: string): boolean;
  paths(): string[];
  /** `isolate`, or `node` for a module that says "use node". */
  environmentOf(path: string): string | undefined;
}

/** How a module is evaluated. */
export interface EvaluateOptions {
  dynamicImports?: boolean;
  /** Hears the size of each module that an `import()` has evaluated. */
  onDynamicImport?: (bytes: number) => void;
}

/** A module's exports and how much source was evaluated for them. */
export interface EvaluatedModule {
  namespace: Namespace;
  bytes: number;
}

type Wrapper = (
  module: { exports: Namespace },
  require: (specifier: string) => Namespace,
  host: object,
) => void;

/**
 * What was compiled of a list of modules. Deployments of one push request share it: the matrix's twin, or an app that a test
 * starts once more.
 */
const compiledOf = new WeakMap<readonly BundledModule[], Map<string, Promise<EntryScript>>>();

/** Makes the set. `provide` answers imports that are not part of it. */
export function createModuleSet(
  modules: readonly BundledModule[],
  provide?: (specifier: string) => Namespace | undefined,
): ModuleSet {
  const sources = new Map(modules.map(({ path, source }) => [path, source]));
  // What is provided is compiled in as an import that is left for run time.
  const compiled = (!provide && compiledOf.get(modules)) || new Map<string, Promise<EntryScript>>();
  if (!provide) compiledOf.set(modules, compiled);

  const compile = (path: string, dynamicImports: boolean): Promise<EntryScript> => {
    const key = `${path} ${String(dynamicImports)}`;
    const isExternal = provide && ((specifier: string) => provide(specifier) !== undefined);
    const entry = compiled.get(key) ?? compileEntry(sources, path, { isExternal, dynamicImports });
    compiled.set(key, entry);
    return entry;
  };
  const require = (specifier: string): Namespace => {
    const provided = provide?.(specifier);
    if (provided) return provided;
    throw new TypeError(`dynamic module import unsupported: ${specifier}`);
  };

  return {
    async evaluate(path, context, { dynamicImports = false, onDynamicImport } = {}) {
      const { script, bytes } = await compile(path, dynamicImports);
      const module = { exports: {} };
      let isImporting = true;
      const host = hostOf((imported) => {
        if (!isImporting) onDynamicImport?.(Buffer.byteLength(sources.get(imported) ?? ""));
      });
      (script.runInContext(context) as Wrapper)(module, require, host);
      isImporting = false;
      return { namespace: module.exports, bytes };
    },
    compileForNode(path) {
      const key = `${path} node`;
      const isExternal = (specifier: string): boolean => !/^\.{0,2}\//.test(specifier);
      const options = { isExternal, dynamicImports: true, forNode: true };
      const entry = compiled.get(key) ?? compileEntry(sources, path, options);
      compiled.set(key, entry);
      return entry;
    },
    has: (path) => sources.has(path),
    paths: () => [...sources.keys()],
    environmentOf: (path) => modules.find((each) => each.path === path)?.environment,
  };
}

/** What scripts know of the host. */
function hostOf(evaluated: (path: string) => void): object {
  return {
    evaluated,
    get importMeta(): never {
      throw new Error("import.meta is not supported in Convex functions");
    },
  };
}
