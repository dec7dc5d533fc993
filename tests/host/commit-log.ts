/** What was committed since the oldest snapshot in use, and whether a transaction has read what is others' by now. */
import type { Document, ReadSet } from "./read-set.js";
import { createReadSet, tableOf } from "./read-set.js";
import { Refusal } from "./refusal.js";

/** One changed document of a commit. */
export interface Change {
  path: string;
  id: string;
  before: Document | null;
  after: Document | null;
}

interface Commit {
  version: number;
  name: string;
  changes: Change[];
  /** Whether it was the first to write to a table that no schema declares: everything reads what tables there are. */
  isNewTable: boolean;
}

/** The transaction that has its turn. */
export interface Transaction {
  name: string;
  snapshot: number;
  /** Documents that were others when the transaction began, by component. */
  old: Map<string, Map<string, Document | null>>;
  reads: Map<string, ReadSet>;
  changed: Set<string>;
}

/** The commits of one deployment. */
export interface CommitLog {
  /** Counts the commits that wrote something. */
  version(): number;
  /** A transaction that sees the database as it was at a version. */
  begin(name: string, snapshot: number): Transaction;
  /** Refuses a transaction that read what others have changed since it began. */
  validate(transaction: Transaction): void;
  /** Takes in a commit, and keeps it where somebody may still ask. Gives whether a table is new that no schema declares. */
  add(name: string, changes: Change[], isAskedFor: boolean): boolean;
  /** Forgets commits up to a version. */
  forget(upTo: number): void;
}

/** Begins empty. */
export function createCommitLog(isDeclared: (path: string, table: string) => boolean): CommitLog {
  const tables = new Set<string>();
  let commits: Commit[] = [];
  let version = 0;

  return {
    version: () => version,
    begin,
    validate,
    add(name, changes, isAskedFor) {
      version += 1;
      const isNewTable = changes.map(noteTable).includes(true);
      if (isAskedFor) commits.push({ version, name, changes, isNewTable });
      return isNewTable;
    },
    forget(upTo) {
      commits = commits.filter((each) => each.version > upTo);
    },
  };

  function begin(name: string, snapshot: number): Transaction {
    const old: Transaction["old"] = new Map();
    for (const { path, id, before } of since(snapshot)) {
      const ofPath = old.get(path) ?? new Map<string, Document | null>();
      old.set(path, ofPath);
      if (!ofPath.has(id)) ofPath.set(id, before);
    }
    return { name, snapshot, old, reads: new Map(), changed: new Set() };
  }

  function since(snapshot: number): Change[] {
    return commits.filter((each) => each.version > snapshot).flatMap(({ changes }) => changes);
  }

  /** Notes a document's table. Gives whether there was none before. */
  function noteTable({ path, id }: Change): boolean {
    const table = tableOf(id);
    const key = `${path}/${table}`;
    if (tables.has(key) || table.startsWith("_") || isDeclared(path, table)) return false;
    tables.add(key);
    return true;
  }

  function validate({ name, snapshot, reads }: Transaction): void {
    for (const other of commits) {
      if (other.version <= snapshot) continue;
      for (const { path, id, before, after } of other.changes) {
        const isRead = reads.get(path)?.overlaps(id, [before, after]) === true;
        if (!isRead && !other.isNewTable) continue;
        const who =
          other.name === name ? "Another call to this mutation" : `A call to "${other.name}"`;
        throw new Refusal(
          "OptimisticConcurrencyControlFailure",
          `Documents read from or written to the "${tableOf(id)}" table changed while this mutation was being run and on ` +
            `every subsequent retry. ${who} changed the document with ID "${id}". See https://docs.convex.dev/error#1`,
          503,
        );
      }
    }
  }
}

/** What a transaction has read in a component; undefined outside of one. */
export function readsOf(transaction: Transaction | undefined, path: string): ReadSet | undefined {
  if (!transaction) return undefined;
  const reads = transaction.reads.get(path) ?? createReadSet();
  transaction.reads.set(path, reads);
  return reads;
}
