/**
 * What `npx convex export` gives: a ZIP file, or the folder that somebody has unpacked it into. Each table is a
 * `documents.jsonl`; those of a component are below `_components/<its name>/` (`crates/exports` of Convex's backend).
 */
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { jsonToConvex } from "convex/values";
import { openPromise } from "yauzl";
import type { Entry } from "yauzl";
import { GateError } from "../../errors/index.js";
import { fingerprintOf, noFile } from "./fingerprint.js";
import { linesOf } from "./lines.js";

/** A document, with numbers for Convex's integers. */
export type Document = { readonly _id: string; readonly _creationTime: number } & Readonly<
  Record<string, unknown>
>;

/** A table of the app (component `""`) or of a component, by its path such as `betterAuth` or `shop/auth`. */
export interface Table {
  readonly component: string;
  readonly name: string;
}

/** An opened export. */
export interface ConvexExport {
  readonly fingerprint: string;
  readonly tables: readonly Table[];
  /** The documents of a table, after the first so many. */
  documents(table: Table, after?: number): AsyncIterable<Document>;
  close(): Promise<void>;
}

/** Opens a ZIP file or a folder. */
export async function openConvexExport(path: string): Promise<ConvexExport> {
  const fingerprint = await fingerprintOf(path);
  const files = (await stat(path)).isDirectory() ? await folderFiles(path) : await zipFiles(path);
  const tables = new Map<string, Table>();
  for (const file of files.names) {
    const table = tableOf(file);
    if (table) tables.set(file, table);
  }
  if (tables.size === 0) {
    await files.close();
    throw new GateError(
      "IMPORT_FORM",
      `${path} holds no table: it has to be what \`npx convex export --path\` wrote`,
    );
  }
  return {
    fingerprint,
    tables: [...tables.values()],
    async *documents(table, after = 0) {
      const file = [...tables].find(([, one]) => isSame(one, table))?.[0];
      if (file === undefined) return;
      let line = 0;
      for await (const text of readable(files, file)) {
        line += 1;
        if (line > after) yield documentOf(text, `${file}, line ${String(line)}`);
      }
    },
    close: files.close,
  };
}

function isSame(one: Table, other: Table): boolean {
  return one.component === other.component && one.name === other.name;
}

/** `_components/shop/_components/auth/users/documents.jsonl` → `users` of `shop/auth`; undefined for all other files. */
function tableOf(file: string): Table | undefined {
  const parts = file.split("/");
  const names: string[] = [];
  while (parts[0] === "_components") names.push(...parts.splice(0, 2).slice(1));
  const [name, last, ...rest] = parts;
  if (name === undefined || last !== "documents.jsonl" || rest.length > 0) return undefined;
  // Convex's own: the numbers of tables, and stored files.
  return name.startsWith("_") ? undefined : { component: names.join("/"), name };
}

function documentOf(text: string, where: string): Document {
  try {
    const json: unknown = JSON.parse(text);
    const value = text.includes('{"$') ? jsonToConvex(json as never) : json;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError();
    const { _id: id, _creationTime: time } = value as Record<string, unknown>;
    if (typeof id !== "string" || typeof time !== "number") throw new TypeError();
    return withoutBigInts(value) as Document;
  } catch {
    // The parser's own message would quote the row.
    throw new GateError(
      "IMPORT_FORM",
      `${where} is no document: the export is incomplete or was changed; export again`,
    );
  }
}

/** JSON has no such integers, at whatever depth. */
function withoutBigInts(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withoutBigInts);
  if (typeof value !== "object" || value === null || value instanceof ArrayBuffer) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, one]) => [field, withoutBigInts(one)]),
  );
}

async function* readable(files: Files, file: string): AsyncIterable<string> {
  try {
    yield* linesOf(await files.open(file));
  } catch (cause) {
    if (cause instanceof GateError) throw cause;
    throw new GateError("IMPORT_FORM", `${file} is damaged: export again`, { cause });
  }
}

/** Files by their paths in the export. */
interface Files {
  readonly names: readonly string[];
  open(name: string): Promise<Readable>;
  close(): Promise<void>;
}

async function folderFiles(path: string): Promise<Files> {
  const all = await readdir(path, { recursive: true });
  return {
    // In one order everywhere: a position in the export counts tables.
    names: all.map((name) => name.replaceAll("\\", "/")).sort(),
    open: (name) => Promise.resolve(createReadStream(join(path, name))),
    close: () => Promise.resolve(),
  };
}

async function zipFiles(path: string): Promise<Files> {
  const zip = await openPromise(path, { autoClose: false, lazyEntries: true }).catch(
    (error: unknown) => {
      if (error instanceof Error && "code" in error) throw noFile(path, error);
      throw new GateError(
        "IMPORT_FORM",
        `${path} is neither a folder nor a ZIP file: it has to be what \`npx convex export --path\` wrote`,
      );
    },
  );
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
  return {
    names: [...entries.keys()],
    open(name) {
      const entry = entries.get(name);
      if (!entry) throw new Error(`no entry ${name}`);
      return zip.openReadStreamPromise(entry);
    },
    close() {
      zip.close();
      return Promise.resolve();
    },
  };
}
