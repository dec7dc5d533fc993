/**
 * Optimistic concurrency, as Convex has it, over `convex-test`, which runs one transaction after the other. Mutations that
 * run at once read the database as it was when they began; at its commit each is validated against what others have
 * committed since, and one that read what has changed is run again (convex-backend, August 2026:
 * `crates/application/src/application_function_runner/mod.rs`). That they take turns is not to be seen.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ObservedDatabase } from "./observed-database.js";
import { observe } from "./observed-database.js";
import type { Document, ReadSet } from "./read-set.js";
import { createPermits } from "./permits.js";
import { Refusal } from "./refusal.js";
import { pause, retried } from "./retries.js";
import type { WriteRate } from "./write-rate.js";
import { makeLookupsQuick } from "./quick-lookup.js";
import { createReadSet, tableOf } from "./read-set.js";
import type { TestState } from "./test-state.js";
import { stateOf } from "./test-state.js";

/** How many mutations run at once (`APPLICATION_MAX_CONCURRENT_MUTATIONS`); the others wait for their turn. */
const AT_ONCE = 16;

/**
 * How long a mutation runs at least, from its snapshot on. Here one takes a moment only, and would meet no other; on a
 * backend where many run at once each takes as long as this, and longer.
 */
const RUN_MS = 20;

/** What a query read. */
export interface Watched {
  /** Whether a later commit wrote something that the query would see. */
  isStale(): boolean;
  release(): void;
}

/** What became of mutations since the last reset. */
export interface ConcurrencyCounts {
  committed: number;
  /** Runs that were undone because others had changed what they read. */
  conflicts: number;
  /** Mutations that lost every run. */
  lost: number;
}

/** Runs mutations at once. */
export interface Concurrency {
  /** Runs a mutation that is nobody's part, again if it has to. `name` is `module:function`. */
  run<T>(name: string, mutation: () => Promise<T>): Promise<T>;
  /** Runs a query and keeps an eye on what it read. */
  watch<T>(query: () => Promise<T>): Promise<{ result: T; watched: Watched }>;
  /** Calls back after every commit that wrote something. */
  onCommit(listener: () => void): void;
  counts(): ConcurrencyCounts;
  reset(): void;
}

interface TransactionManager {
  begin(isNested: boolean, limits?: unknown): Promise<void>;
  commit(isNested: boolean): unknown;
  _endTransaction(isNested: boolean): void;
  getMetricsTracker(): { trackIndexRange(): void } | null;
}

type State = TestState<ObservedDatabase, TransactionManager>;

/** One changed document of a commit. */
interface Change {
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
interface Transaction {
  name: string;
  snapshot: number;
  /** Documents that were others when the transaction began, by component. */
  old: Map<string, Map<string, Document | null>>;
  reads: Map<string, ReadSet>;
  changed: Set<string>;
}

/** One run of a mutation, from when it has a permit, or of a watched query. */
interface Run {
  name: string;
  /** Undefined for what sees the latest. */
  snapshot?: number;
  /** Hears what the run reads. */
  watched?: { reads?: Transaction["reads"]; isStale: boolean };
  /** What it schedules is in its async context and no part of it. */
  begun: boolean;
}

/**
 * Makes the mutations of a `convex-test` instance run at once that are given to the result, before anything is written.
 * `run` is the instance's method. Other transactions never conflict: queries, and what the scheduler runs.
 */
export async function makeOptimistic(
  run: (handler: () => Promise<void>) => Promise<void>,
  {
    writeRate,
    isDeclared = () => true,
  }: { writeRate?: WriteRate; isDeclared?: (path: string, table: string) => boolean } = {},
): Promise<Concurrency> {
  // It also keeps the ids of documents that are gone: they are still to be found in an older snapshot.
  await makeLookupsQuick(run);
  const state = await stateOf<State>(run);
  const runs = new AsyncLocalStorage<Run>();
  const running = new Set<Run & { snapshot: number }>();
  const watching = new Set<NonNullable<Run["watched"]>>();
  const listeners: (() => void)[] = [];
  const tables = new Set<string>();
  const permits = createPermits(AT_ONCE);
  let commits: Commit[] = [];
  let version = 0;
  let current: Transaction | undefined;
  let counted: ConcurrencyCounts = { committed: 0, conflicts: 0, lost: 0 };

  const { transactionManager: manager } = state;
  const { begin, commit, _endTransaction } = manager;
  manager.begin = async (isNested, limits) => {
    await begin.call(manager, isNested, limits);
    if (isNested) return;
    const run = runs.getStore();
    const mine = run?.begun === false ? run : undefined;
    if (mine) mine.begun = true;
    current = begun(mine?.name ?? "", mine?.snapshot ?? version);
    if (mine?.watched) mine.watched.reads = current.reads;
  };
  manager.commit = (isNested) => {
    if (isNested) return commit.call(manager, isNested);
    const transaction = current as Transaction;
    const changes = changesOf(state);
    // Like Convex, one that wrote nothing is as good at its snapshot.
    if (changes.length > 0) {
      validate(transaction);
      writeRate?.record(changes.map(({ after }) => after));
    }
    const result = commit.call(manager, isNested);
    if (changes.length > 0) {
      version += 1;
      const isNewTable = changes.map(noteTable).includes(true);
      const { name } = transaction;
      if (running.size > 0) commits.push({ version, name, changes, isNewTable });
      for (const each of watching) {
        each.isStale ||=
          isNewTable ||
          changes.some(({ path, id, before, after }) =>
            each.reads?.get(path)?.overlaps(id, [before, after]),
          );
      }
      for (const listener of listeners) listener();
    }
    return result;
  };
  manager._endTransaction = (isNested) => {
    if (!isNested) current = undefined;
    _endTransaction.call(manager, isNested);
  };
  for (const [path, { db }] of Object.entries(state.components)) {
    observe(db, {
      reads: () => readsOf(current, path),
      old: () => current?.old.get(path),
      onChange(id) {
        if (!current || current.changed.has(id)) return;
        current.changed.add(id);
        // Changing a document reads it by its id, which is an interval like any other.
        manager.getMetricsTracker()?.trackIndexRange();
      },
    });
  }

  return {
    async run(name, mutation) {
      const result = await retried(
        () => permits.with(() => once(name, mutation)),
        (isLast) => {
          counted.conflicts += 1;
          if (isLast) counted.lost += 1;
        },
      );
      counted.committed += 1;
      return result;
    },
    async watch(query) {
      const watched: NonNullable<Run["watched"]> = { isStale: false };
      watching.add(watched);
      const result = await runs.run({ name: "", watched, begun: false }, query);
      return {
        result,
        watched: { isStale: () => watched.isStale, release: () => watching.delete(watched) },
      };
    },
    onCommit: (listener) => void listeners.push(listener),
    counts: () => ({ ...counted }),
    reset: () => {
      counted = { committed: 0, conflicts: 0, lost: 0 };
    },
  };

  async function once<T>(name: string, mutation: () => Promise<T>): Promise<T> {
    const run = { name, snapshot: version, begun: false };
    running.add(run);
    try {
      await pause(RUN_MS);
      return await runs.run(run, mutation);
    } finally {
      running.delete(run);
      const oldest = Math.min(version, ...[...running].map(({ snapshot }) => snapshot));
      commits = commits.filter((each) => each.version > oldest);
    }
  }

  function begun(name: string, snapshot: number): Transaction {
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

function readsOf(transaction: Transaction | undefined, path: string): ReadSet | undefined {
  if (!transaction) return undefined;
  const reads = transaction.reads.get(path) ?? createReadSet();
  transaction.reads.set(path, reads);
  return reads;
}

/** What the outermost transaction is about to commit. */
function changesOf({ components }: State): Change[] {
  return Object.entries(components).flatMap(([path, { db }]) =>
    Object.entries(db._writes[0] ?? {}).map(([id, after]) => ({
      path,
      id,
      before: db._documents[id] ?? null,
      after,
    })),
  );
}
