/**
 * Clerk's exports: the dashboard's CSV, which alone has the hashes; users as JSON (its API's, a list or one a line), which
 * alone have social accounts and metadata; or a folder with one of each, of the same users.
 */
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse } from "csv-parse";
import { GateError } from "../../../errors/index.js";
import { fingerprintOf } from "../fingerprint.js";
import { linesOf } from "../lines.js";
import type { Source, SourceRecord } from "../source.js";
import { recordOfClerkUser } from "./clerk-user.js";
import type { ClerkUser } from "./clerk-user.js";

/** Opens it. */
export async function openClerk(path: string): Promise<Source> {
  const fingerprint = await fingerprintOf(path);
  const { csv, json } = await filesOf(path);
  const { mtimeMs } = await stat(csv ?? json ?? path);
  const isWhole = csv !== undefined && json !== undefined;
  return {
    name: "clerk",
    fingerprint,
    warnings: isWhole ? [] : [csv === undefined ? WITHOUT_CSV : WITHOUT_JSON],
    async *records(from = "0"): AsyncIterable<SourceRecord> {
      const before = Number(from);
      const others = isWhole ? await byId(json) : undefined;
      let at = 0;
      for await (const user of csv === undefined ? jsonUsers(json ?? path) : csvUsers(csv)) {
        at += 1;
        const id = idOf(user, csv ?? json ?? path, at);
        if (at <= before) {
          others?.delete(id);
          continue;
        }
        const whole = { ...others?.get(id), ...user };
        others?.delete(id);
        yield { position: String(at), ...recordOfClerkUser(whole, id, mtimeMs) };
      }
      // Who has signed up between the two exports is in the later one alone.
      for (const [id, user] of others ?? []) {
        at += 1;
        if (at > before) yield { position: String(at), ...recordOfClerkUser(user, id, mtimeMs) };
      }
    },
    close: () => Promise.resolve(),
  };
}

const WITHOUT_CSV =
  "there is no CSV file: without the dashboard's export there are no password hashes, and whoever has a password has to reset it";
const WITHOUT_JSON =
  "there is no JSON file: without the users of Clerk's API there are no social accounts, pictures or metadata; put both files into one folder";
const ADVICE =
  "it has to be the CSV file of Clerk's dashboard (Settings, User exports), the users of its API as JSON, or a folder with both";

async function filesOf(path: string): Promise<{ csv?: string; json?: string }> {
  const isFolder = (await stat(path)).isDirectory();
  const names = isFolder ? (await readdir(path)).map((name) => join(path, name)) : [path];
  const [csv, secondCsv] = names.filter((name) => name.endsWith(".csv"));
  const [json, secondJson] = names.filter((name) => /\.jsonl?$/.test(name));
  if (secondCsv !== undefined || secondJson !== undefined)
    throw wrong(path, "holds several files of a kind");
  if (csv === undefined && json === undefined) throw wrong(path, "is or holds no .csv or .json");
  return { ...(csv === undefined ? {} : { csv }), ...(json === undefined ? {} : { json }) };
}

async function* csvUsers(file: string): AsyncIterable<ClerkUser> {
  const rows = parse({ columns: true, bom: true });
  createReadStream(file)
    .on("error", (error) => rows.destroy(error))
    .pipe(rows);
  try {
    // What a cell leaves open is no value, so that what the JSON says is kept.
    for await (const row of rows as AsyncIterable<Record<string, string>>)
      yield Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== ""));
  } catch {
    // The parser's own message would quote the row.
    throw wrong(file, "is no CSV file with a line of column names");
  }
}

async function* jsonUsers(file: string): AsyncIterable<ClerkUser> {
  if (file.endsWith("l")) {
    let at = 0;
    for await (const line of linesOf(createReadStream(file))) {
      at += 1;
      if (line.trim() !== "") yield parsed(line, file, `line ${String(at)}`) as ClerkUser;
    }
    return;
  }
  const list = parsed((await readFile(file, "utf8")).replace(/^\uFEFF/, ""), file, "it");
  if (!Array.isArray(list)) throw wrong(file, "is not a list of users");
  yield* list as ClerkUser[];
}

/** The users of the JSON file, to be found by those of the CSV: the one file that is kept in memory. */
async function byId(file: string): Promise<Map<string, ClerkUser>> {
  const users = new Map<string, ClerkUser>();
  let at = 0;
  for await (const user of jsonUsers(file)) users.set(idOf(user, file, (at += 1)), user);
  return users;
}

/** A list of JSON can hold anything. */
function idOf(user: ClerkUser | null, file: string, at: number): string {
  const id = user?.["id"];
  if (typeof id === "string" && id !== "") return id;
  throw wrong(file, `has no id for user ${String(at)}`);
}

function parsed(text: string, file: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(file, `has no JSON in ${where}`);
  }
}

function wrong(file: string, what: string): GateError {
  return new GateError("IMPORT_FORM", `${basename(file)} ${what}: ${ADVICE}`);
}
