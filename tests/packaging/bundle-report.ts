/** What an export's bundle is made of, found with esbuild, and the chain of imports that leads to a file. */
import { build } from "esbuild";
import type { Metafile } from "esbuild";
import { relative } from "node:path";

/** The files that one export of the package reaches. */
export interface ExportGraph {
  /** Paths relative to the package, and names of packages outside it. */
  files: string[];
  /** From the export to the first file that fits, one import after the other; undefined when none fits. */
  chainTo(pattern: RegExp): string[] | undefined;
}

/** Follows every static import of an export; packages other than ours stay outside and are named. */
export async function exportGraph(
  specifier: string,
  appFolder: string,
  packageFolder: string,
): Promise<ExportGraph> {
  const { metafile } = await build({
    stdin: { contents: `export * from ${JSON.stringify(specifier)};`, resolveDir: appFolder },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    conditions: ["convex"],
    logLevel: "silent",
    plugins: [
      {
        name: "other-packages-stay-outside",
        setup(plugin) {
          plugin.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
            kind === "entry-point" || path.startsWith("convex-gate")
              ? undefined
              : { path, external: true },
          );
        },
      },
    ],
  });
  return graphOf(metafile, packageFolder);
}

function graphOf({ inputs }: Metafile, packageFolder: string): ExportGraph {
  const nameOf = (path: string): string => relative(packageFolder, path);
  const importsOf = new Map(
    Object.entries(inputs).map(([path, { imports }]) => [path, imports.map((each) => each.path)]),
  );
  const reached = new Set([...importsOf.keys(), ...[...importsOf.values()].flat()]);
  return {
    files: [...reached].map((path) => (importsOf.has(path) ? nameOf(path) : path)),
    chainTo(pattern) {
      const queue: string[][] = [["<stdin>"]];
      const seen = new Set<string>(["<stdin>"]);
      for (let chain = queue.shift(); chain; chain = queue.shift()) {
        const last = chain.at(-1) ?? "";
        if (pattern.test(last)) return chain;
        for (const next of importsOf.get(last) ?? []) {
          if (seen.has(next)) continue;
          seen.add(next);
          queue.push([...chain, next]);
        }
      }
      return undefined;
    },
  };
}
