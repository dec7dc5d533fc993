/** An export as Convex's backend writes it: `npx convex export` only downloads what the deployment has made. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Documents by table, for the app ("") and for each component by its path. */
export type Documents = Record<string, Record<string, readonly Record<string, unknown>[]>>;

/**
 * Writes the ZIP file. Its layout is that of `crates/exports` of Convex's backend (0258b54): `_components/<name>/` before
 * what a component has, once for each component of a path, one `documents.jsonl` a table, `_tables` with their numbers.
 */
export function writeExport(file: string, documents: Documents): void {
  const folder = mkdtempSync(join(tmpdir(), "export-"));
  const paths: string[] = [];
  const write = (path: string, lines: readonly unknown[]): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    paths.push(path);
  };
  try {
    for (const [component, tables] of Object.entries(documents)) {
      const names = component === "" ? [] : component.split("/");
      const prefix = names.map((name) => `_components/${name}/`).join("");
      write(
        `${prefix}_tables/documents.jsonl`,
        Object.keys(tables).map((name, index) => ({ name, id: 10_001 + index })),
      );
      for (const [table, rows] of Object.entries(tables)) {
        write(`${prefix}${table}/documents.jsonl`, rows);
        // What tells this form from an older one, in which a schema was guessed here.
        write(`${prefix}${table}/generated_schema.jsonl`, ["uniform"]);
      }
    }
    rmSync(file, { force: true });
    execFileSync("zip", ["-q", "-X", "-D", file, ...paths], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
