/** Turns an entry of the bundle, with what it imports, into one script whose compiled code all calls share. */
import { build } from "esbuild";
import type { BuildOptions, Metafile, Plugin } from "esbuild";
import * as vm from "node:vm";
import type { JoinedEntry } from "./kept-joins.js";
import { keptJoin } from "./kept-joins.js";

/** A script and how much of the bundle's source it evaluates. */
export interface EntryScript {
  script: vm.Script;
  bytes: number;
}

/** What is left for run time: imports that the set does not have, and dynamic ones where they are refused. */
export interface EntryOptions {
  /** @default nothing is */
  isExternal?: ((specifier: string) => boolean) | undefined;
  dynamicImports: boolean;
  /** For Node: its packages are left for run time, and its names are its own. @default false */
  forNode?: boolean;
}

const NAMESPACE = "push";

const FOR_ISOLATES = {
  // Becomes a `require` in a promise, which the host refuses.
  supported: { "dynamic-import": false },
  // The bundle's own mentions of CommonJS must find none; what esbuild adds is not subject to these.
  define: {
    require: "__absentRequire",
    module: "__absentModule",
    exports: "__absentExports",
    "import.meta": "__convexHost.importMeta",
  },
} satisfies BuildOptions;

/** The script's value is a function `(module, require, __convexHost)`. */
export async function compileEntry(
  sources: ReadonlyMap<string, string>,
  entry: string,
  options: EntryOptions,
): Promise<EntryScript> {
  const { isExternal, dynamicImports, forNode } = options;
  const join = (): Promise<JoinedEntry> => joinModules(sources, entry, options);
  // What is left for run time is decided by code, which has no name to keep anything under.
  const isKept = isExternal === undefined && !forNode;
  const joined = isKept ? keptJoin({ sources, entry, dynamicImports }, join) : join();
  const { code, bytes } = await joined;
  const wrapped = forNode
    ? `(function (module, require, { Convex, process, console, fetch, globalThis }) { ${code}\n})`
    : `(function (module, require, __convexHost) { "use strict"; ${code}\n})`;
  return { script: new vm.Script(wrapped, { filename: entry }), bytes };
}

/**
 * Joins the modules as esbuild joins files: each is evaluated once and in the order of the imports, a module that is
 * imported dynamically when it is asked for.
 */
async function joinModules(
  sources: ReadonlyMap<string, string>,
  entry: string,
  options: EntryOptions,
): Promise<JoinedEntry> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "cjs",
    platform: options.forNode ? "node" : "neutral",
    target: "esnext",
    treeShaking: false,
    logLevel: "silent",
    plugins: [modulesOf(sources, options)],
    ...(options.forNode ? {} : FOR_ISOLATES),
  }).catch((error: unknown) => {
    throw readable(entry, error);
  });
  return { code: outputFiles[0]?.text ?? "", bytes: bytesOf(metafile, sources, entry) };
}

function modulesOf(sources: ReadonlyMap<string, string>, options: EntryOptions): Plugin {
  return {
    name: NAMESPACE,
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === "entry-point") return { path, namespace: NAMESPACE };
        const refused = kind === "dynamic-import" && !options.dynamicImports;
        if (refused || options.isExternal?.(path)) return { path, external: true };
        return {
          path: new URL(path, `file:///${importer}`).pathname.slice(1),
          namespace: NAMESPACE,
        };
      });
      onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
        const contents = sources.get(path);
        // On one line with the first of the source, so that the numbers of lines stay.
        const note = options.forNode ? "" : `__convexHost.evaluated(${JSON.stringify(path)});`;
        if (contents !== undefined) return { contents: note + contents, loader: "js" };
        return { errors: [{ text: `there is no module ${path} in the bundle` }] };
      });
    },
  };
}

/** Only what is imported statically: the rest is evaluated when it is asked for, if ever. */
function bytesOf(
  { inputs }: Metafile,
  sources: ReadonlyMap<string, string>,
  entry: string,
): number {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const each of inputs[path]?.imports ?? [])
      if (each.kind === "import-statement") visit(each.path);
  };
  visit(`${NAMESPACE}:${entry}`);
  const sizes = [...reached].map((path) =>
    Buffer.byteLength(sources.get(path.slice(NAMESPACE.length + 1)) ?? ""),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function readable(entry: string, error: unknown): Error {
  const [first] =
    (error as { errors?: { text: string; location: { file: string } | null }[] }).errors ?? [];
  if (first === undefined) return error instanceof Error ? error : new Error(String(error));
  const file = (first.location?.file ?? entry).replace(`${NAMESPACE}:`, "");
  // CommonJS has no top-level await, and Convex refuses it too.
  return /top-level await/i.test(first.text)
    ? new Error(`Top-level awaits in source files are unsupported: ${file}`)
    : new Error(`${file}: ${first.text}`);
}
