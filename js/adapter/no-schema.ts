/** The answer to `npx auth generate`, Better Auth's own command for schemas: there is nothing to generate. */

/** Where it is written unless `--output` says otherwise. */
const DEFAULT_FILE = "auth-schema.ts";

/** What Better Auth's command line writes (`auth` 1.7): nothing where `code` is empty, and that the schema is up to date. */
export interface SchemaFile {
  readonly code: string;
  readonly path: string;
}

/**
 * A file that says that no schema is needed, and why. A file that is there already stays as it is: the command line writes
 * over the one that `--output` names without asking, which may be the app's own `convex/schema.ts`.
 *
 * @param tables What Better Auth would have generated, by the names of its models.
 */
export function noSchema(file: string | undefined, tables: readonly string[]): SchemaFile {
  const path = file ?? DEFAULT_FILE;
  return { path, code: mayWrite(path) ? explanation(tables) : "" };
}

function explanation(tables: readonly string[]): string {
  return `/**
 * There is no schema to generate, and no migration to run. convex-gate keeps the tables of Better Auth in a Convex
 * component of their own, which takes the tables and fields of any plugin as they come, with their indexes and unique
 * fields. Nothing reads this file: delete it.
 *
 * The tables of these options: ${[...tables].sort().join(", ")}.
 */
export {};
`;
}

/** Whether nothing is there. Asked without an import of node's, which could not be bundled for Convex. */
function mayWrite(path: string): boolean {
  const { process: node } = globalThis as { process?: BuiltinModules };
  return node?.getBuiltinModule?.("node:fs")?.existsSync(path) === false;
}

interface BuiltinModules {
  /** Node 20.16 and newer. */
  readonly getBuiltinModule?: (
    name: "node:fs",
  ) => { existsSync(path: string): boolean } | undefined;
}
