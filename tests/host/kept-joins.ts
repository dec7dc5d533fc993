/**
 * Joined entries that several files of one test run need: each is made once. A push has the same component in it, and most
 * of them the same app, so whole runs of esbuild give what was there before.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { onceARun } from "../support/once-a-run.js";

/** An entry and all that it imports in one text, and how much of the bundle's source it evaluates. */
export interface JoinedEntry {
  code: string;
  bytes: number;
}

/** Everything that decides what an entry becomes: `esbuild` and this code stay as they are while tests run. */
export interface JoinIdentity {
  sources: ReadonlyMap<string, string>;
  entry: string;
  dynamicImports: boolean;
}

const digests = new WeakMap<ReadonlyMap<string, string>, string>();

/** What `join` gives, or gave for the same before in this run. Without a run it is called each time. */
export async function keptJoin(
  { sources, entry, dynamicImports }: JoinIdentity,
  join: () => Promise<JoinedEntry>,
): Promise<JoinedEntry> {
  if (process.env["TEST_RUN"] === undefined) return join();
  const name = digestOf([digestOfAll(sources), entry, String(dynamicImports)]);
  const file = await onceARun(`entry-${name}.json`, async (path) =>
    writeFile(path, JSON.stringify(await join())),
  );
  return JSON.parse(await readFile(file, "utf8")) as JoinedEntry;
}

function digestOfAll(sources: ReadonlyMap<string, string>): string {
  const known = digests.get(sources) ?? digestOf([...sources].flat());
  digests.set(sources, known);
  return known;
}

function digestOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  // With their lengths, so that no two lists are one text.
  for (const text of texts) hash.update(`${String(text.length)}\0`).update(text);
  return hash.digest("hex");
}
