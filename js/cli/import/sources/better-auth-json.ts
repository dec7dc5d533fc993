/**
 * Rows of a Better Auth on another database, as JSON: a folder with a file for each model, `user.jsonl` with a row on each
 * line or `user.json` with a list of rows. Names are those of Better Auth's schema.
 */
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { GateError } from "../../../errors/index.js";
import { fingerprintOf, noFile } from "../fingerprint.js";
import { linesOf } from "../lines.js";
import { inImportOrder } from "../source.js";
import type { Source, SourceRecord, SourceRow } from "../source.js";

/** Opens a folder of such files. */
export async function openJsonFolder(path: string): Promise<Source> {
  const fingerprint = await fingerprintOf(path);
  if (!(await stat(path)).isDirectory())
    throw new GateError("IMPORT_FORM", `${path} is no folder: ${ADVICE}`);
  const files = (await readdir(path)).filter((name) => FILE.test(name)).sort();
  if (files.length === 0)
    throw new GateError("IMPORT_FORM", `${path} holds no .json or .jsonl file: ${ADVICE}`);
  const fileOf = new Map(files.map((name) => [name.replace(FILE, ""), join(path, name)]));
  if (fileOf.size < files.length)
    throw new GateError("IMPORT_FORM", `${path} has a model in two files: ${ADVICE}`);

  return {
    name: "better-auth",
    fingerprint,
    warnings: [],
    async *records(from, order) {
      const models = inImportOrder([...fileOf.keys()], order);
      const [first, before] = from === undefined ? [models[0], 0] : parsed(from);
      for (const model of models.slice(models.indexOf(first ?? ""))) {
        yield* fileRecords(model, fileOf.get(model) ?? "", model === first ? before : 0);
      }
    },
    close: async () => {},
  };
}

const FILE = /\.jsonl?$/;
const ADVICE =
  "it has to be a folder with a file for each model, such as user.jsonl with a JSON object on each line, or user.json with a list";

/** The rows of a file after the first so many; `position` is the model and how many were read. */
async function* fileRecords(
  model: string,
  file: string,
  before: number,
): AsyncIterable<SourceRecord> {
  let at = 0;
  for await (const row of file.endsWith("l") ? lines(file) : list(file)) {
    at += 1;
    if (at > before) yield { position: `${model}:${at}`, rows: [{ model, row }] };
  }
}

async function* lines(file: string): AsyncIterable<SourceRow> {
  let at = 0;
  for await (const line of linesOf(createReadStream(file))) {
    at += 1;
    if (line.trim() !== "") yield rowOf(parse(line, file, at), file, at);
  }
}

async function* list(file: string): AsyncIterable<SourceRow> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw noFile(file, error);
  });
  // What `sqlite3 -json` prints of a table without rows.
  const rows = text.trim() === "" ? [] : parse(text, file);
  if (!Array.isArray(rows)) throw wrong(file, "is not a list of rows");
  for (const [index, row] of rows.entries()) yield rowOf(row, file, index + 1);
}

/** The parser's own message would quote the row. */
function parse(text: string, file: string, at?: number): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw wrong(file, at === undefined ? "is no JSON" : `has no JSON in line ${String(at)}`);
  }
}

function rowOf(row: unknown, file: string, at: number): SourceRow {
  if (typeof row !== "object" || row === null || Array.isArray(row))
    throw wrong(file, `has something else than an object as row ${String(at)}`);
  return row as SourceRow;
}

function wrong(file: string, what: string): GateError {
  return new GateError("IMPORT_FORM", `${basename(file)} ${what}: ${ADVICE}`);
}

function parsed(position: string): [string, number] {
  const colon = position.lastIndexOf(":");
  return [position.slice(0, colon), Number(position.slice(colon + 1))];
}
