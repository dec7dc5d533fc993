/**
 * Better Auth's `transaction(callback)` in a Convex action, where no database transaction can stay open between two
 * calls. The callback's operations become a log: reads are recorded with their results, writes wait. One `commit`
 * mutation replays the log, checks that every recorded result comes out again, and writes everything or nothing. In a
 * mutation it is the same, so that a failed callback leaves nothing behind even if its error is handled.
 */
import { isGateError } from "../errors/index.js";
import type { GateErrorCode } from "../errors/index.js";
import { tooBusy } from "./refusals.js";
import { pause } from "./retry.js";
import { createForesight } from "./request-memory/foresight.js";
import { isRead } from "./request-memory/reading.js";
import type { RememberingStore } from "./request-memory/remembering-store.js";
import type {
  ConvexGateArguments,
  ConvexGateLog,
  ConvexGateMethod,
  ConvexGateOperation,
  ConvexGateResults,
  ConvexGateStep,
  ConvexGateStore,
} from "./store.js";
import type { Preparation } from "./trigger-protocol.js";

/** How often a callback runs at most when others change what it read. Better Auth allows re-runs (1.7, `DBAdapter`). */
const MAX_ATTEMPTS = 8;

/** The bound of the first pause before a re-run in ms; it doubles, so that competitors do not meet again. */
const FIRST_PAUSE_MS = 20;

/**
 * Runs `callback` against a buffering store and commits; runs it again, bounded, when the commit conflicts. What deletes
 * more than one Convex transaction can (the sessions of a user, the members of an organization) is run again as well where
 * the store works in pages: its deletions go ahead then, each as a deletion outside of a transaction does, and stay done.
 * Where the rest of it is too large by itself nothing is deleted: that would be in vain.
 */
export async function runTransaction<R>(
  store: RememberingStore,
  log: ConvexGateLog,
  callback: (store: ConvexGateStore) => Promise<R>,
): Promise<R> {
  let eager = false;
  let ahead = false;
  let trusting = true;
  for (let attempt = 1; ; attempt += 1) {
    const buffer = createBuffer(store, log, { eager, ahead, trusting });
    try {
      const result = await callback(buffer.store);
      await buffer.commit();
      return result;
    } catch (error) {
      // What only the commit refused: run again, and let the callback meet the error where it writes the row, since Better
      // Auth's own code catches it there (organization plugin, 1.7: team membership).
      const refused: boolean = !eager && buffer.committing() && isRefusal(error);
      const conflict = isGateError(error, "CONFLICT") || !(await buffer.isTrue());
      const tooLarge: boolean =
        !ahead &&
        store.paged === true &&
        buffer.deleting() &&
        isGateError(error, "LIMIT_EXCEEDED") &&
        (await buffer.fitsWithoutDeletions());
      if (!refused && !conflict && !tooLarge) throw error;
      if (attempt === MAX_ATTEMPTS) throw conflict ? tooBusy(error) : error;
      eager ||= refused;
      ahead ||= tooLarge;
      // Whatever was wrong about what was remembered, it is not asked again.
      trusting &&= !conflict;
      // A mutation has no timers, and no competitors either: it was told what it has changed itself by another way.
      if (conflict && store.paged === true) await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

interface Buffer {
  readonly store: ConvexGateStore;
  readonly commit: () => Promise<void>;
  readonly committing: () => boolean;
  /** False when the callback was told from memory what is so no longer. */
  readonly isTrue: () => Promise<boolean>;
  /** True when the callback has deleted something. */
  readonly deleting: () => boolean;
  /** Whether what the callback has done beside its deletions is no more than one commit takes. */
  readonly fitsWithoutDeletions: () => Promise<boolean>;
}

/**
 * What an attempt does otherwise than the first: asks what each write gives, deletes ahead of the other writes, and does not
 * go by memory.
 */
interface Mode {
  readonly eager: boolean;
  readonly ahead: boolean;
  readonly trusting: boolean;
}

function createBuffer(
  store: RememberingStore,
  log: ConvexGateLog,
  { eager, ahead, trusting }: Mode,
): Buffer {
  const foresight = createForesight(store, { trusting });
  const steps: ConvexGateStep[] = [];
  let writes = false;
  let deletes = false;
  let committing = false;

  /** The last operation that was asked for: each sees what those before it have done, also where a callback does not wait. */
  let last: Promise<unknown> = Promise.resolve();

  const buffered: ConvexGateStore = {
    tokens: store.tokens,
    run(method, args) {
      const mine = last.then(() => runNext(method, args));
      last = mine.catch(() => undefined);
      return mine;
    },
  };

  async function runNext<M extends ConvexGateMethod>(
    method: M,
    args: ConvexGateArguments[M],
  ): Promise<ConvexGateResults[M]> {
    const operation = operationOf(method, args);
    if (isDeletion(method)) {
      deletes = true;
      if (ahead) {
        foresight.gone(args as ConvexGateArguments["delete"]);
        return store.run(method, args);
      }
    }
    // Known without asking: a created row is its own data, and a deletion gives nothing.
    if (method === "create") {
      const create = args as ConvexGateArguments["create"];
      const preparing = store.triggers?.prepare(create, steps);
      const step = preparing ? prepared(create, await preparing) : { operation: { create } };
      const { data } = step.operation.create;
      const result = eager ? await observe(method, args, step.operation) : data;
      steps.push(eager ? { ...step, expect: result } : step);
      foresight.made("create", step.operation.create);
      writes = true;
      return result as ConvexGateResults[typeof method];
    }
    if (method === "delete" && !eager) {
      steps.push({ operation });
      foresight.made(method, args);
      writes = true;
      return null as ConvexGateResults[typeof method];
    }
    const result = await observe(method, args, operation);
    steps.push({ operation, expect: result });
    foresight.made(method, args, { result });
    writes ||= !isRead(method);
    return result;
  }

  /** The result of an operation as the transaction must see it: over the stored rows and its own waiting writes. */
  async function observe<M extends ConvexGateMethod>(
    method: M,
    args: ConvexGateArguments[M],
    operation: ConvexGateOperation,
  ): Promise<ConvexGateResults[M]> {
    const told = eager ? undefined : await foresight.tell(method, args);
    if (told) return told.result;
    if (!writes && isRead(method)) return store.run(method, args);
    const results = await log.speculate([...steps, { operation }]);
    return results.at(-1) as ConvexGateResults[M];
  }

  return {
    store: buffered,
    committing: () => committing,
    deleting: () => deletes,
    async fitsWithoutDeletions() {
      // What was observed may come out otherwise without them.
      const rest = steps
        .filter(({ operation }) => !Object.keys(operation).some(isDeletion))
        .map(({ operation }) => ({ operation }));
      if (rest.length === 0) return true;
      return log.speculate(rest).then(
        () => true,
        (error: unknown) => !isGateError(error, "LIMIT_EXCEEDED"),
      );
    },
    async isTrue() {
      if (committing || !foresight.remembered()) return true;
      return log.speculate(steps).then(
        () => true,
        (error: unknown) => !isGateError(error, "CONFLICT"),
      );
    },
    async commit() {
      if (!writes && !foresight.remembered()) return;
      committing = true;
      await log.commit(steps);
    },
  };
}

/** An operation as data. TypeScript cannot see that a computed key and its value belong together. */
function operationOf<M extends ConvexGateMethod>(
  method: M,
  args: ConvexGateArguments[M],
): ConvexGateOperation {
  return { [method]: args } as Partial<ConvexGateOperation> as ConvexGateOperation;
}

function isDeletion(method: string): boolean {
  return method === "delete" || method === "deleteMany";
}

/** What a rule of the app's schema forbids. */
function isRefusal(error: unknown): boolean {
  return ["UNIQUE_CONSTRAINT", "FOREIGN_KEY_CONSTRAINT", "RESTRICTED"].some((code) =>
    isGateError(error, code as GateErrorCode),
  );
}

/** The creation of a row that the app's trigger has had its say in. The commit asks it again. */
function prepared(
  create: ConvexGateArguments["create"],
  { data, reads }: Preparation,
): ConvexGateStep & { operation: { create: ConvexGateArguments["create"] } } {
  return {
    operation: { create: { ...create, data } },
    prepared: { given: create.data, reads },
  };
}
