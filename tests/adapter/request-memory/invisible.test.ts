/**
 * The memory cannot be seen. A request of any operations, one transaction among them, runs while others write between its
 * calls. Each answer that came without a call is what the component would have said right after the call before; and what a
 * transaction was told, and what it leaves, is what it would have been told, and would have left, had it run all at once and
 * without a memory when it was committed.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { isGateError } from "../../../js/errors/index.js";
import { isRead } from "../../../js/adapter/request-memory/reading.js";
import { remembering } from "../../../js/adapter/request-memory/remembering-store.js";
import { runTransaction } from "../../../js/adapter/transaction.js";
import type { ConvexGateLog, ConvexGateStore } from "../../../js/adapter/index.js";
import { createNaiveStore, perform, text } from "./support/naive-store.js";
import type { Tables } from "./support/naive-store.js";
import { friendsOf, request, sameTokenAs } from "./support/requests.js";
import type { Step } from "./support/requests.js";

const lost = new Error("lost");

/** What a step tells whoever asks: its result, the code by which it was refused, or nothing. */
async function told(work: () => unknown): Promise<string | undefined> {
  try {
    return text(await work());
  } catch (error) {
    if (error === lost) return undefined;
    if (!isGateError(error) || error.code === "CONFLICT") throw error;
    return error.code;
  }
}

const run = (store: ConvexGateStore, { method, args }: Step): Promise<string | undefined> =>
  told(() => store.run(method, args as never));

function rowsOf(rows: readonly ({ model: string } & Record<string, unknown>)[]): Tables {
  const tables: Tables = { parent: [], child: [], friend: [] };
  for (const { model, ...row } of rows)
    if (!tables[model]?.some(({ id, token }) => id === row["id"] || token === row["token"]))
      tables[model]?.push({ ...row, _id: row["id"] });
  return tables;
}

/** How often memory has answered, so that the property does not hold for want of any. */
const answered = { outside: 0, transactions: 0 };

async function holds(given: typeof request extends fc.Arbitrary<infer R> ? R : never) {
  const naive = createNaiveStore(rowsOf(given.rows));
  let calls = 0;
  let rivalled = false;
  let afterCall = structuredClone(naive.tables);
  let beforeCall = structuredClone(naive.tables);
  naive.before = () => {
    for (const { at, step } of given.rivals)
      if (at === calls) {
        rivalled = true;
        attempt(naive.tables, step);
      }
    calls += 1;
    beforeCall = structuredClone(naive.tables);
  };
  naive.after = () => {
    afterCall = structuredClone(naive.tables);
    if (given.lost === calls - 1) throw lost;
  };
  const store = remembering(naive.store);
  store.begin();

  const runAlone = async (steps: readonly Step[]): Promise<void> => {
    for (const each of steps) {
      store.bringAlong("friend", sameTokenAs);
      store.joinAlong("child", friendsOf(given.friends));
      const before = calls;
      const result = await run(store, each);
      if (result === undefined) continue;
      if (calls === before) answered.outside += 1;
      else if (!isRead(each.method)) continue;
      const tables = structuredClone(afterCall);
      expect(result).toBe(attempt(tables, each));
      expect(text(tables)).toBe(text(afterCall));
    }
  };

  await runAlone(given.first);
  const again =
    given.repeats === "nothing" ? [] : given.first.filter(({ method }) => isRead(method));
  const steps = given.repeats === "only" ? again : [...again, ...given.transaction];
  let answers: string[] = [];
  let free: { step: Step; answer: string; tables: Tables }[] = [];
  let callsOfAttempt = 0;
  let committed: Tables | undefined;
  const log: ConvexGateLog = {
    ...store.log,
    async commit(steps) {
      const results = await store.log.commit(steps).catch((error: unknown) => {
        if (isGateError(error, "CONFLICT")) conflicts += 1;
        throw error;
      });
      committed = beforeCall;
      return results;
    },
  };
  let aborted = false;
  let conflicts = 0;
  const failure = new Error("its own");
  await runTransaction(store, log, async (transaction) => {
    answers = [];
    callsOfAttempt = calls;
    free = [];
    for (const each of steps) {
      const before = calls;
      const answer = await run(transaction, each);
      if (answer === undefined) throw lost;
      answers.push(answer);
      if (calls === before) free.push({ step: each, answer, tables: structuredClone(afterCall) });
    }
    if (given.fails) throw failure;
  }).catch((error: unknown) => {
    // A rule may refuse the commit itself where others write before every attempt: then nothing is written.
    aborted = true;
    if (error !== failure && error !== lost && !(rivalled && isGateError(error))) throw error;
  });
  if (aborted) {
    expect(committed).toBeUndefined();
  } else if (committed && !(rivalled && answers.some(isRefusal))) {
    // (What was refused in a rehearsal is no step of the log, so that no commit checks whether it still would be.)
    // As one who asks each of its steps of the component, one after the other, with nobody in between.
    const tables = committed;
    expect(answers).toEqual(steps.map((each) => attempt(tables, each)));
    expect(text(naive.tables)).toBe(text(tables));
    // A new row and a deletion tell nothing, and the commit is a call by itself.
    const asks = steps.filter(({ method }) => method !== "create" && method !== "delete");
    if (calls - callsOfAttempt - 1 < asks.length) answered.transactions += 1;
    // What a request remembers is wrong only where others have written.
    if (!rivalled) expect(conflicts).toBe(0);
  }
  // Nothing was written and nothing checked: then it is as outside of a transaction.
  if (!committed && !aborted)
    for (const { step, answer, tables } of free) expect(answer).toBe(attempt(tables, step));
  const last = steps.at(-1);
  const look = last?.method === "findOne" ? { ...last.args, limit: 1 } : undefined;
  await runAlone([...(look ? [{ method: "findMany" as const, args: look }] : []), ...given.then]);
}

const isRefusal = (answer: string): boolean => answer.endsWith("_CONSTRAINT");

function attempt(tables: Tables, { method, args }: Step): string {
  try {
    return text(perform(tables, method, args as never));
  } catch (error) {
    if (isGateError(error)) return error.code;
    throw error;
  }
}

it("by no request, whatever others write meanwhile", async () => {
  await fc.assert(fc.asyncProperty(request, holds), { numRuns: 2_000 });
  expect(answered.outside).toBeGreaterThan(20);
  expect(answered.transactions).toBeGreaterThan(100);
}, 60_000);
