/**
 * Optimistic concurrency, as Convex has it, over `convex-test`, which runs one transaction after the other. Mutations that
 * run at once read the database as it was when they began; at its commit each is validated against what others have
 * committed since, and one that read what has changed is run again (convex-backend, August 2026:
 * `crates/application/src/application_function_runner/mod.rs`). That they take turns is not to be seen.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ObservedDatabase } from "./observed-database.js";
import { observe } from "./observed-database.js";
import type { Change, Transaction } from "./commit-log.js";
import { createCommitLog, readsOf } from "./commit-log.js";
import { createPermits } from "./permits.js";
import { pause, retried } from "./retries.js";
import type { WriteRate } from "./write-rate.js";
import { makeLookupsQuick } from "./quick-lookup.js";
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

/** One for all instances: Node 20 hands the value of each storage that ever ran to every promise. */
const runs = new AsyncLocalStorage<Run>();

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
  const running = new Set<Run & { snapshot: number }>();
  const watching = new Set<NonNullable<Run["watched"]>>();
  const listeners: (() => void)[] = [];
  const permits = createPermits(AT_ONCE);
  const log = createCommitLog(isDeclared);
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
    current = log.begin(mine?.name ?? "", mine?.snapshot ?? log.version());
    if (mine?.watched) mine.watched.reads = current.reads;
  };
  manager.commit = (isNested) => {
    if (isNested) return commit.call(manager, isNested);
    const transaction = current as Transaction;
    const changes = changesOf(state);
    // Like Convex, one that wrote nothing is as good at its snapshot.
    if (changes.length > 0) {
      log.validate(transaction);
      writeRate?.record(changes.map(({ after }) => after));
    }
    const result = commit.call(manager, isNested);
    if (changes.length > 0) {
      const isNewTable = log.add(transaction.name, changes, running.size > 0);
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
    const run = { name, snapshot: log.version(), begun: false };
    running.add(run);
    try {
      await pause(RUN_MS);
      return await runs.run(run, mutation);
    } finally {
      running.delete(run);
      log.forget(Math.min(log.version(), ...[...running].map(({ snapshot }) => snapshot)));
    }
  }
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
