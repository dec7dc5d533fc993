/**
 * Packages as node finds them from a folder. `require.resolve` refuses a package.json that a package's `exports` leave out, as
 * most do.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { withoutMark } from "./app.js";

/** The part of a package.json that is read. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** The real folder of a package; undefined where it is not installed. */
export function installed(folder: string, name: string): string | undefined {
  const here = join(folder, "node_modules", name);
  if (existsSync(join(here, "package.json"))) return realpathSync(here);
  return dirname(folder) === folder ? undefined : installed(dirname(folder), name);
}

/** The package.json of a folder. */
export function manifest(folder: string): Manifest {
  return JSON.parse(withoutMark(readFileSync(join(folder, "package.json"), "utf8"))) as Manifest;
}
