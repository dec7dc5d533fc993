/**
 * Optimistic concurrency, as Convex has it, over `convex-test`, which runs one transaction after the other. Mutations that
 * run at once read the database as it was when they began; at its commit each is validated against what others have
 * committed since, and one that read what has changed is run again (convex-backend, August 2026:
 * `crates/application/src/application_function_runner/mod.rs`). That they take turns is not to be seen.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Document, Order, Query, RangeRead, ReadSet } from "./read-set.js";
import { makeLookupsQuick } from "./quick-lookup.js";
import { createReadSet, tableOf } from "./read-set.js";
import type { TestState } from "./test-state.js";
import { stateOf } from "./test-state.js";

/** How often Convex runs a mutation again that lost (`UDF_EXECUTOR_OCC_MAX_RETRIES`). */
const MAX_RETRIES = 4;

/** Its pauses: each is up to twice as long as the one before (`UDF_EXECUTOR_OCC_INITIAL_BACKOFF_MS` and `_MAX_`). */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** How many mutations run at once (`APPLICATION_MAX_CONCURRENT_MUTATIONS`); the others wait for their turn. */
const AT_ONCE = 16;

/**
 * How long a mutation runs at least, from its snapshot on. Here one takes a moment only, and would meet no other; on a
 * backend where many run at once each takes as long as this, and longer.
 */
const RUN_MS = 20;

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
  counts(): ConcurrencyCounts;
  reset(): void;
}

/** The members of `convex-test`'s database that are used (0.0.60). */
interface Database {
  _writes: Record<string, Document | null>[];
  _documents: Record<string, Document>;
  get(table: string | undefined, id: string): Document | null;
  _iterateDocs(table: string, callback: (document: Document) => void): void;
  _resolveQuerySource(query: Query): Order & object;
  startQuery(query: Query): number;
  queryNext(id: number): { value: Document | null; done: boolean };
  paginate(args: { query: Query }): unknown;
}

interface TransactionManager {
  begin(isNested: boolean, limits?: unknown): Promise<void>;
  commit(isNested: boolean): unknown;
  _endTransaction(isNested: boolean): void;
}

type State = TestState<Database, TransactionManager>;

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
}

/** The transaction that has its turn. */
interface Transaction {
  name: string;
  snapshot: number;
  /** Documents that were others when the transaction began, by component. */
  old: Map<string, Map<string, Document | null>>;
  reads: Map<string, ReadSet>;
}

/** One run of a mutation, from when it has a permit. */
interface Run {
  name: string;
  snapshot: number;
  /** What it schedules is in its async context and no part of it. */
  begun: boolean;
}

class Conflict extends Error {}

/**
 * Makes the mutations of a `convex-test` instance run at once that are given to the result, before anything is written.
 * `run` is the instance's method. Other transactions never conflict: queries, and what the scheduler runs.
 */
export async function makeOptimistic(
  run: (handler: () => Promise<void>) => Promise<void>,
): Promise<Concurrency> {
  // It also keeps the ids of documents that are gone: they are still to be found in an older snapshot.
  await makeLookupsQuick(run);
  const state = await stateOf<State>(run);
  const runs = new AsyncLocalStorage<Run>();
  const running = new Set<Run>();
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
    current = begun(mine ?? { name: "", snapshot: version });
  };
  manager.commit = (isNested) => {
    if (isNested) return commit.call(manager, isNested);
    const transaction = current as Transaction;
    const changes = changesOf(state);
    // Like Convex, one that wrote nothing is as good at its snapshot.
    if (changes.length > 0) validate(transaction);
    const result = commit.call(manager, isNested);
    if (changes.length > 0) {
      version += 1;
      commits.push({ version, name: transaction.name, changes });
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
    });
  }

  return {
    async run(name, mutation) {
      for (let retries = 0; ; retries += 1) {
        try {
          const result = await permits.with(() => once(name, mutation));
          counted.committed += 1;
          return result;
        } catch (error) {
          if (!(error instanceof Conflict)) throw error;
          counted.conflicts += 1;
          if (retries === MAX_RETRIES) {
            counted.lost += 1;
            throw new Error(error.message, { cause: error });
          }
          const bound = Math.min(FIRST_PAUSE_MS * 2 ** retries, LONGEST_PAUSE_MS);
          await pause(Math.random() * bound);
        }
      }
    },
    counts: () => ({ ...counted }),
    reset: () => {
      counted = { committed: 0, conflicts: 0, lost: 0 };
    },
  };

  async function once<T>(name: string, mutation: () => Promise<T>): Promise<T> {
    const run: Run = { name, snapshot: version, begun: false };
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

  function begun({ name, snapshot }: Pick<Run, "name" | "snapshot">): Transaction {
    const old: Transaction["old"] = new Map();
    for (const { path, id, before } of since(snapshot)) {
      const ofPath = old.get(path) ?? new Map<string, Document | null>();
      old.set(path, ofPath);
      if (!ofPath.has(id)) ofPath.set(id, before);
    }
    return { name, snapshot, old, reads: new Map() };
  }

  function since(snapshot: number): Change[] {
    return commits.filter((each) => each.version > snapshot).flatMap(({ changes }) => changes);
  }

  function validate({ name, snapshot, reads }: Transaction): void {
    for (const other of commits) {
      if (other.version <= snapshot) continue;
      for (const { path, id, before, after } of other.changes) {
        if (reads.get(path)?.overlaps(id, [before, after]) !== true) continue;
        const who =
          other.name === name ? "Another call to this mutation" : `A call to "${other.name}"`;
        throw new Conflict(
          `Documents read from or written to the "${tableOf(id)}" table changed while this mutation was being run and on ` +
            `every subsequent retry. ${who} changed the document with ID "${id}". See https://docs.convex.dev/error#1`,
        );
      }
    }
  }
}

/** Notes what is read of a database, and shows it as it was when the transaction began. */
function observe(
  db: Database,
  of: {
    reads: () => ReadSet | undefined;
    old: () => ReadonlyMap<string, Document | null> | undefined;
  },
): void {
  const { get, _iterateDocs, _resolveQuerySource, startQuery, queryNext, paginate } = db;
  const open = new Map<number, { range: RangeRead; left: number }>();
  // A walk through candidates reads none of them: the range does.
  let walking = false;
  let order: Order = { fieldPathsToSortBy: [], order: "asc" };

  db.get = (table, id) => {
    if (!walking) of.reads()?.document(id);
    const stored = get.call(db, table, id);
    const old = of.old();
    if (!old?.has(id) || db._writes.some((level) => level[id] !== undefined)) return stored;
    return old.get(id) ?? null;
  };
  db._iterateDocs = (table, callback) => {
    walking = true;
    try {
      _iterateDocs.call(db, table, callback);
    } finally {
      walking = false;
    }
  };
  db._resolveQuerySource = (query) => {
    const resolved = _resolveQuerySource.call(db, query);
    order = resolved;
    return resolved;
  };
  db.startQuery = (query) => {
    const id = startQuery.call(db, query);
    const range = of.reads()?.range(query, order);
    if (range) open.set(id, { range, left: limitOf(query) });
    return id;
  };
  db.queryNext = (id) => {
    const next = queryNext.call(db, id);
    const query = open.get(id);
    if (query && next.value !== null) {
      query.range.consumed(next.value);
      query.left -= 1;
      // Past its limit a query does not look.
    } else if (query && query.left > 0) query.range.exhausted();
    return next;
  };
  db.paginate = (args) => {
    const page = paginate.call(db, args);
    of.reads()?.range(args.query, order).exhausted();
    return page;
  };
}

function readsOf(transaction: Transaction | undefined, path: string): ReadSet | undefined {
  if (!transaction) return undefined;
  const reads = transaction.reads.get(path) ?? createReadSet();
  transaction.reads.set(path, reads);
  return reads;
}

function limitOf({ operators }: Query): number {
  const limits = operators.filter((operator) => "limit" in operator) as { limit: number }[];
  return limits[0]?.limit ?? Infinity;
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function createPermits(count: number): { with<T>(work: () => Promise<T>): Promise<T> } {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async with(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
