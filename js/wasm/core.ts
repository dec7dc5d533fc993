/**
 * Drives an operation of the core against a Convex database. The core decides everything and touches nothing: it asks
 * for rows in batches, this loop runs a batch against `ctx.db` at once and hands the rows back, until the core is done.
 */
import type { AnyDataModel, GenericDatabaseReader, GenericDatabaseWriter } from "convex/server";
import { GateError } from "../errors/index.js";
import { faultToError } from "../errors/fault.js";
import { bytes } from "./generated/core-bytes.js";
import { createGlue } from "./generated/core-glue.js";
import { decode, encode } from "./json.js";
import { lazy } from "./load.js";
import type { Answer, Operation } from "./protocol.js";
import type { Later } from "./requests.js";
import { createRequestRunner } from "./requests.js";

const core = lazy(bytes, createGlue);

/** What Convex (1.48) passes to a function, and lets it read. */
const MOST_BYTES = 16 << 20;
/** The same as JSON, where a letter may be escaped. */
const MOST_LETTERS = 2 * MOST_BYTES;

/**
 * Runs one operation to its end in the caller's transaction. Work that it puts off goes to `later`, and stays undone
 * without it: only index entries are put off, and what has none yet is scanned.
 *
 * @throws GateError with the code of the core's fault; `INTERNAL_FAULT` after a trap, which also drops the instance so
 * that the next call starts clean. Errors of the database pass through unchanged.
 */
export async function runOperation(
  db: GenericDatabaseReader<AnyDataModel> | GenericDatabaseWriter<AnyDataModel>,
  operation: Operation,
  later?: Later,
): Promise<unknown> {
  const glue = core.get();
  const runner = createRequestRunner(db, later);
  const started = sendable(encode(operation));
  let answer = ask(() => glue.start(started));
  try {
    while ("need" in answer) {
      const { task, requests } = answer.need;
      const replies = await perform(task, async () =>
        sendable(encode(await Promise.all(requests.map(runner.run)))),
      );
      answer = ask(() => glue.resume(task, replies));
    }
  } finally {
    await runner.close();
  }
  if ("fault" in answer) throw faultToError(answer.fault);
  return answer.done;

  /** Waits for the database; if that fails the core must not keep the task. */
  async function perform<T>(task: number, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      ask(() => (glue.cancel(task), '{"done":null}'));
      throw error;
    }
  }
}

/** How many operations the core holds. Zero between calls; for tests. */
export function liveOperations(): number {
  return core.get().live_tasks();
}

/** Wasm never gives memory back, so no text crosses that cannot come from one transaction. */
function sendable(text: string): string {
  if (text.length <= MOST_LETTERS) return text;
  throw new GateError(
    "LIMIT_EXCEEDED",
    "this needs more than 16 MiB in one transaction of Convex; an action does it in pages",
    { meta: { limit: "bytes", most: MOST_BYTES } },
  );
}

function ask(call: () => string): Answer {
  let text: string;
  try {
    text = call();
  } catch (cause) {
    core.drop();
    throw new GateError("INTERNAL_FAULT", "the core stopped on an internal fault", { cause });
  }
  return decode(text) as Answer;
}
