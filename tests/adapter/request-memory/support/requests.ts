/** Generated requests: steps as Better Auth makes them and any others, on three tables that refer to one another. */
import fc from "fast-check";
import type { ConvexGateJoin, ConvexGateMethod } from "../../../../js/adapter/index.js";

const rules = {
  unique: [["token"]],
  references: [
    { model: "child", field: "parentId", target: "parent", to: "id", onDelete: "cascade" },
    { model: "friend", field: "childId", target: "child", to: "id", onDelete: "set null" },
    { model: "friend", field: "friendId", target: "friend", to: "id", onDelete: "cascade" },
  ],
};

/** One operation. */
export interface Step {
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
export function sameTokenAs({ token }: { token?: unknown }) {
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
/** What is announced to come along with a child. */
export const friendsOf = (limit: number): ConvexGateJoin => ({
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

/** What a request does before, in and after its transaction, and what others do to it meanwhile. */
export const request = fc.record({
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
