/** What an export's bundle is made of, found with esbuild, and the chain of imports that leads to a file. */
import { build } from "esbuild";
import type { BuildResult, Metafile, PluginBuild } from "esbuild";
import { relative } from "node:path";
import { gzipSync } from "node:zlib";

/** The files that one export of the package reaches. */
export interface ExportGraph {
  /** Paths relative to the package, and names of packages outside it. */
  files: string[];
  /**
   * From the export to the first file that fits, one import after the other; undefined when none fits. `statically` leaves
   * out what is imported when it is needed.
   */
  chainTo(pattern: RegExp, how?: "statically"): string[] | undefined;
}

const graphs = new Map<string, Promise<ExportGraph>>();

/**
 * Follows every import of an export; packages other than ours stay outside and are named. The package must stay as it is:
 * an export is followed once, for all who ask.
 */
export function exportGraph(
  specifier: string,
  appFolder: string,
  packageFolder: string,
): Promise<ExportGraph> {
  const key = JSON.stringify([specifier, appFolder, packageFolder]);
  const followed = graphs.get(key) ?? follow(specifier, appFolder, packageFolder);
  graphs.set(key, followed);
  return followed;
}

async function follow(
  specifier: string,
  appFolder: string,
  packageFolder: string,
): Promise<ExportGraph> {
  const { metafile } = await bundleOf(specifier, appFolder, false);
  return graphOf(metafile, packageFolder);
}

/** Bytes that an export adds to an app's bundle, minified, without and with gzip; packages other than ours do not count. */
export async function exportBytes(
  specifier: string,
  appFolder: string,
  conditions?: string[],
): Promise<{ raw: number; gzip: number }> {
  const { outputFiles } = await bundleOf(specifier, appFolder, true, conditions);
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { raw: code.length, gzip: gzipSync(code, { level: 9 }).length };
}

function bundleOf(
  specifier: string,
  appFolder: string,
  minify: boolean,
  conditions?: string[],
): Promise<BuildResult<{ write: false; metafile: true }>> {
  return build({
    stdin: { contents: `export * from ${JSON.stringify(specifier)};`, resolveDir: appFolder },
    bundle: true,
    minify,
    write: false,
    metafile: true,
    format: "esm",
    // Conditions of the caller's own are all that there are.
    platform: conditions ? "neutral" : "browser",
    // The second is that of a page that is rendered on a server.
    conditions: conditions ?? ["convex", "react-server"],
    logLevel: "silent",
    plugins: [
      {
        name: "other-packages-stay-outside",
        setup(plugin: PluginBuild) {
          plugin.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
            kind === "entry-point" || path.startsWith("convex-gate")
              ? undefined
              : { path, external: true },
          );
        },
      },
    ],
  });
}

function graphOf({ inputs }: Metafile, packageFolder: string): ExportGraph {
  const nameOf = (path: string): string => relative(packageFolder, path);
  const importsOf = new Map(Object.entries(inputs).map(([path, { imports }]) => [path, imports]));
  const reached = new Set([
    ...importsOf.keys(),
    ...[...importsOf.values()].flat().map(({ path }) => path),
  ]);
  return {
    files: [...reached].map((path) => (importsOf.has(path) ? nameOf(path) : path)),
    chainTo(pattern, how) {
      const queue: string[][] = [["<stdin>"]];
      const seen = new Set<string>(["<stdin>"]);
      for (let chain = queue.shift(); chain; chain = queue.shift()) {
        const last = chain.at(-1) ?? "";
        if (pattern.test(last)) return chain;
        for (const { path: next, kind } of importsOf.get(last) ?? []) {
          if (seen.has(next) || (how === "statically" && kind === "dynamic-import")) continue;
          seen.add(next);
          queue.push([...chain, next]);
        }
      }
      return undefined;
    },
  };
}
