/** The imports of TypeScript and JavaScript, as TypeScript's own scanner sees them: those of types count too. */
import { join } from "node:path";
import ts from "typescript";
import { filesOf, textOf } from "./files.js";
import type { Graph } from "./graph.js";

/** The graph of some folders' files. Imports of packages, and of what the build makes, are left out. */
export function typescriptGraph(...folders: readonly string[]): Graph {
  const files = folders
    .flatMap((folder) => filesOf(folder, ".ts", ".tsx", ".mjs"))
    .filter((file) => !file.includes(".gen."));
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const found = specifiersOf(textOf(file)).flatMap((specifier) => {
        const imported = pathsOf(file, specifier).find((path) => known.has(path));
        return imported === undefined || imported === file ? [] : [imported];
      });
      return [file, new Set(found)];
    }),
  );
}

/** What a text imports and exports on, of values and of types, at once and later. */
export function specifiersOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The files that a relative specifier can mean: `./name.js` is `name.ts` or `name.tsx` before it is built. */
function pathsOf(file: string, specifier: string): string[] {
  if (!specifier.startsWith(".")) return [];
  const path = join(file, "..", specifier);
  const bare = path.replace(/\.js$/, "");
  return [path, `${bare}.ts`, `${bare}.tsx`];
}
