/**
 * Evaluates bundled modules in a context, entry by entry. Node keeps every context alive in which a vm.SourceTextModule
 * was made (seen in 20.20), so each module is turned into a CommonJS script once, and its compiled code is shared.
 */
import { transform } from "esbuild";
import * as vm from "node:vm";
import type { BundledModule } from "./push-request.js";

/** A module's exports. */
export type Namespace = Record<string, unknown>;

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
  namespace: Namespace;
  bytes: number;
}

type Wrapper = (
  module: { exports: Namespace },
  require: (specifier: string) => Namespace,
  host: object,
) => void;

/** Makes the set. `provide` answers imports that are not part of it. */
export function createModuleSet(
  modules: readonly BundledModule[],
  provide?: (specifier: string) => Namespace | undefined,
): ModuleSet {
  const sources = new Map(modules.map(({ path, source }) => [path, source]));
  let scripts: Promise<Map<string, vm.Script>> | undefined;

  return {
    async evaluate(path, context, { dynamicImports = false } = {}) {
      scripts ??= compile(modules);
      const evaluated = new Map<string, { exports: Namespace }>();
      const namespace = link(await scripts, path, context, evaluated, dynamicImports);
      const bytes = [...evaluated.keys()].reduce(
        (sum, each) => sum + (sources.get(each)?.length ?? 0),
        0,
      );
      return { namespace, bytes };
    },
    has: (path) => sources.has(path),
    paths: () => [...sources.keys()],
  };

  function link(
    scripts: Map<string, vm.Script>,
    entry: string,
    context: vm.Context,
    evaluated: Map<string, { exports: Namespace }>,
    dynamicImports: boolean,
  ): Namespace {
    let importing = true;
    const evaluate = (path: string): Namespace => {
      const known = evaluated.get(path);
      if (known) return known.exports;
      const script = scripts.get(path);
      if (!script) throw new Error(`there is no module ${path} in the bundle`);
      const module = { exports: {} };
      evaluated.set(path, module);
      const require = (specifier: string): Namespace => {
        // Static imports are all done once the entry is evaluated.
        if (!importing && !dynamicImports)
          throw new TypeError(`dynamic module import unsupported: ${specifier}`);
        return provide?.(specifier) ?? evaluate(resolve(path, specifier));
      };
      (script.runInContext(context) as Wrapper)(module, require, host);
      return module.exports;
    };
    const namespace = evaluate(entry);
    importing = false;
    return namespace;
  }
}

const host = {
  get importMeta(): never {
    throw new Error("import.meta is not supported in Convex functions");
  },
};

async function compile(modules: readonly BundledModule[]): Promise<Map<string, vm.Script>> {
  const compiled = modules.map(async ({ path, source }) => {
    const code = await toCommonJs(path, source);
    const wrapped = `(function (module, require, __convexHost) { "use strict"; ${code}\n})`;
    return [path, new vm.Script(wrapped, { filename: path })] as const;
  });
  return new Map(await Promise.all(compiled));
}

async function toCommonJs(path: string, source: string): Promise<string> {
  try {
    const { code } = await transform(source, {
      format: "cjs",
      target: "esnext",
      logLevel: "silent",
      // Becomes a `require` in a promise, which the host can allow or refuse.
      supported: { "dynamic-import": false },
      // The bundle's own mentions of CommonJS must find none; what esbuild adds is not subject to these.
      define: {
        require: "__absentRequire",
        module: "__absentModule",
        exports: "__absentExports",
        "import.meta": "__convexHost.importMeta",
      },
    });
    return code;
  } catch (error) {
    // CommonJS has no top-level await, and Convex refuses it too.
    if (/top-level await/i.test(String(error))) {
      throw new Error(`Top-level awaits in source files are unsupported: ${path}`);
    }
    throw error;
  }
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
