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
import type {
  ConvexGateJoin,
  ConvexGateLog,
  ConvexGateMethod,
  ConvexGateStore,
} from "../../../js/adapter/index.js";
import { createNaiveStore, perform, text } from "./support/naive-store.js";
import type { Tables } from "./support/naive-store.js";

const rules = {
  unique: [["token"]],
  references: [
    { model: "child", field: "parentId", target: "parent", to: "id", onDelete: "cascade" },
    { model: "friend", field: "childId", target: "child", to: "id", onDelete: "set null" },
    { model: "friend", field: "friendId", target: "friend", to: "id", onDelete: "cascade" },
  ],
};

interface Step {
  readonly method: ConvexGateMethod;
  readonly args: object;
}

const tableNames = ["parent", "child", "friend"] as const;
const smallId = fc.constantFrom("a", "b", "c");
const clause = fc.oneof(
  fc.record({
    field: fc.constant("id"),
    value: smallId,
    operator: fc.constantFrom("eq", "eq", "ne"),
  }),
  fc.record({ field: fc.constantFrom("token", "parentId", "childId"), value: smallId }),
  // Only the core knows which rows these are.
  fc.record({
    field: fc.constant("token"),
    value: smallId.map((id) => id.toUpperCase()),
    mode: fc.constant("insensitive"),
  }),
  fc.record({
    field: fc.constant("n"),
    value: fc.integer({ min: 0, max: 3 }),
    operator: fc.constantFrom("eq", "lt", "lte", "ne"),
  }),
  fc.record({
    field: fc.constant("n"),
    value: fc.constant(null),
    operator: fc.constantFrom("eq", "ne"),
  }),
);
const model = fc.constantFrom(...tableNames);
const where = fc
  .tuple(
    fc.array(clause, { minLength: 1, maxLength: 2 }),
    fc.constantFrom("AND", "AND", "AND", "OR"),
  )
  .map(([clauses, connector]) => clauses.map((each) => ({ ...each, connector })));
const n = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(null));
const fields = {
  id: smallId,
  n,
  token: smallId,
  parentId: smallId,
  childId: smallId,
  friendId: fc.option(smallId, { freq: 1 }),
};

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    method: fc.constantFrom("findOne", "findOne", "count", "consumeOne", "delete", "deleteMany"),
    args: fc.record({ model, where, rules: fc.constant(rules) }),
  }),
  fc.record({
    method: fc.constant("findMany"),
    args: fc.record(
      {
        model,
        where,
        limit: fc.constantFrom(1, 1, 2, 100),
        offset: fc.constantFrom(0, 1),
        sortBy: fc.constant({ field: "n", direction: "desc" }),
      },
      { requiredKeys: ["model", "where", "limit"] },
    ),
  }),
  fc.record({
    method: fc.constantFrom("update", "updateMany"),
    args: fc.record({
      model,
      where,
      rules: fc.constant(rules),
      update: fc.oneof(fc.record({ n }), fc.record({ token: smallId })),
    }),
  }),
  fc.record({
    method: fc.constant("incrementOne"),
    args: fc.record({
      model,
      where,
      rules: fc.constant(rules),
      increment: fc.record({ n: fc.constantFrom(1, 2) }),
      set: fc.oneof(fc.constant({}), fc.record({ token: smallId })),
    }),
  }),
  fc.record({
    method: fc.constant("create"),
    args: fc.record({
      model,
      rules: fc.constant(rules),
      data: fc.record(fields),
    }),
  }),
) as fc.Arbitrary<Step>;

/** As Better Auth deletes: it looks first. */
const deletion: fc.Arbitrary<Step[]> = fc.oneof(
  fc.tuple(model, where).map(([model, where]): Step[] => [
    { method: "findOne", args: { model, where } },
    { method: "findMany", args: { model, where, limit: 1 } },
    { method: "delete", args: { model, where, rules } },
  ]),
  fc.tuple(model, where).map(([model, where]): Step[] => [
    { method: "findMany", args: { model, where, limit: 100 } },
    { method: "deleteMany", args: { model, where, rules } },
  ]),
  fc.tuple(smallId, n, fc.boolean()).map(([token, n, changes]): Step[] => {
    const where = [{ field: "token", value: token }];
    return [
      { method: "findOne", args: { model: "friend", where } },
      { method: "delete", args: { model: "friend", where, rules } },
      ...(changes
        ? [{ method: "update" as const, args: { model: "child", where, update: { n }, rules } }]
        : []),
      { method: "findMany", args: sameTokenAs({ token }) },
    ];
  }),
  fc
    .tuple(
      smallId,
      fc.constantFrom(["parent", "child", "parentId"], ["friend", "friend", "friendId"]),
    )
    .map(([id, [model = "", from = "", field = ""]]): Step[] => {
      const others = { model: from, where: [{ field, value: id }], limit: 100 };
      const where = [{ field: "id", value: id }];
      return [
        { method: "findOne", args: { model, where } },
        { method: "findMany", args: others },
        { method: "delete", args: { model, where, rules } },
        { method: "findMany", args: others },
      ];
    }),
);

/** What comes along with the deletion of a friend. */
function sameTokenAs({ token }: { token?: unknown }) {
  return { model: "child", where: [{ field: "token", value: token }], limit: 100 };
}

/** A row that is read, changed and read again. */
const change: fc.Arbitrary<Step[]> = fc.tuple(model, smallId, n).map(([model, id, n]): Step[] => {
  const where = [{ field: "id", value: id }];
  const read: Step = { method: "findOne", args: { model, where } };
  return [read, { method: "update", args: { model, where, update: { n }, rules } }, read];
});

const byId: fc.Arbitrary<Step> = fc.tuple(model, smallId, n).map(([model, id, n]) => {
  return { method: "update", args: { model, where: [{ field: "id", value: id }], update: { n } } };
});

/** What is found, in one way and then in another, before a write and after it. */
const secondLook: fc.Arbitrary<Step[]> = fc
  .tuple(model, where, fc.constantFrom(0, 1), fc.oneof(step, byId))
  .chain(([model, where, offset, write]) => {
    const ways: Step[] = [
      { method: "findOne", args: { model, where } },
      { method: "findMany", args: { model, where, limit: 100, offset } },
      { method: "count", args: { model, where } },
    ];
    const change = { ...write, args: { ...write.args, model } };
    const looks = fc.tuple(fc.constantFrom(...ways), fc.constantFrom(...ways));
    return looks.map(([first, last]) => [first, change, last]);
  });

/** As it takes a code that may be used once, and changes a row that it has read. */
const consumption: fc.Arbitrary<Step[]> = fc
  .tuple(model, smallId, smallId, n)
  .map(([model, token, id, n]): Step[] => [
    {
      method: "findMany",
      args: {
        model,
        where: [{ field: "token", value: token }],
        limit: 1,
        sortBy: { field: "n", direction: "desc" },
      },
    },
    {
      method: "deleteMany",
      args: {
        model,
        where: [
          { field: "token", value: token },
          { field: "id", value: id, operator: "ne" },
        ],
        rules,
      },
    },
    { method: "consumeOne", args: { model, where: [{ field: "id", value: id }], rules } },
    { method: "findOne", args: { model: "parent", where: [{ field: "token", value: token }] } },
    {
      method: "update",
      args: { model: "parent", where: [{ field: "token", value: token }], update: { n }, rules },
    },
    { method: "findOne", args: { model: "parent", where: [{ field: "token", value: token }] } },
  ]);

const one = { to: "id", limit: 1, relation: "one-to-one" as const };
const parentOf: ConvexGateJoin = { ...one, as: "parent", table: "parent", from: "parentId" };
const childOf: ConvexGateJoin = { ...one, as: "child", table: "child", from: "childId" };
const friendsOf = (limit: number): ConvexGateJoin => ({
  as: "alongside",
  table: "friend",
  from: "id",
  to: "childId",
  limit,
  relation: "one-to-many",
});

/** A row with its parent, and then what may have come along with it. */
const companions: fc.Arbitrary<Step[]> = fc
  .tuple(smallId, fc.boolean(), smallId, fc.array(step, { maxLength: 1 }))
  .map(([id, withChild, token, between]): Step[] => {
    const where = [{ field: "childId", value: id }];
    return [
      {
        method: "findOne",
        args: { model: "child", where: [{ field: "id", value: id }], join: [parentOf] },
      },
      ...between,
      {
        method: "findOne",
        args: {
          model: "friend",
          where: [...where, { field: "token", value: token }],
          ...(withChild && { join: [childOf] }),
        },
      },
      { method: "findMany", args: { model: "friend", where, limit: 100 } },
    ];
  });

const outside = fc
  .array(
    fc.oneof(
      step.map((each) => [each]),
      deletion,
      change,
      companions,
    ),
    { maxLength: 4 },
  )
  .map((each) => each.flat());

/** What ends a transaction early leaves little to look at. */
function mostly<T, U>(usual: T, rare: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rare });
}

const request = fc.record({
  first: outside,
  transaction: fc
    .array(
      fc.oneof(
        step.map((each) => [each]),
        deletion,
        change,
        secondLook,
        consumption,
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((each) => each.flat()),
  /** How many friends of a child come along with it, of which there may be more. */
  friends: fc.constantFrom(1, 2),
  /** The transaction begins with what the request has read before it, or is no more than that. */
  repeats: fc.constantFrom("nothing", "first", "only"),
  /** The call of this number is made, and its answer lost on the way. */
  lost: mostly(null, fc.nat({ max: 12 })),
  /** At its end the transaction fails by itself. */
  fails: mostly(false, fc.constant(true)),
  then: outside,
  /** What others do before the call of this number. Where they do nothing, nothing may have to be tried again. */
  rivals: fc.oneof(
    fc.constant([]),
    fc.array(fc.record({ at: fc.nat({ max: 12 }), step }), { maxLength: 3 }),
  ),
  rows: fc.array(fc.record({ model, ...fields }), { maxLength: 9 }),
});

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
