/** `_id` of a row is its id for everybody outside of the component, in direct calls and through Better Auth. */
import type { DBAdapter } from "better-auth/adapters";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";

type Row = Record<string, unknown>;
type Functions = ComponentHarness["component"]["adapter"];

/** The operators of Better Auth 1.7, each with a value that some rows have. */
const operators: [string, unknown][] = [
  ["eq", "b"],
  ["ne", "b"],
  ["lt", "b"],
  ["lte", "b"],
  ["gt", "b"],
  ["gte", "b"],
  ["in", ["b", "z"]],
  ["not_in", ["b", "z"]],
  ["contains", "b"],
  ["starts_with", "b"],
  ["ends_with", "b"],
];
let harness: ComponentHarness;
let adapter: DBAdapter;

beforeEach(async () => {
  harness = createComponentHarness();
  adapter = createConvexGateAdapter({ store: harness.store() })({});
  for (const id of ["a", "b", "c"]) {
    const user = { id, name: id, email: `${id}@example.com`, emailVerified: true, createdAt: 1 };
    await call("create", { model: "user", data: user });
  }
  const session = { id: "s", token: "t", userId: "b", expiresAt: 4e12 };
  await call("create", { model: "session", data: session });
});

/** A direct call of the component, as an app's own function makes it. */
function call(name: keyof Functions, args: object): Promise<unknown> {
  const reference = harness.component.adapter[name] as never;
  const isRead = ["findOne", "findMany", "count"].includes(name);
  return harness.t.action((ctx) =>
    isRead ? ctx.runQuery(reference, args as never) : ctx.runMutation(reference, args as never),
  );
}

const emails = async (): Promise<string[]> => {
  const rows = (await call("findMany", { model: "user" })) as { email: string }[];
  return rows.map(({ email }) => email[0] ?? "");
};

describe.each(operators)("`%s`", (operator, value) => {
  const where = (field: string): object[] => [{ field, operator, value }];

  it("reads the same by it as by `id`", async () => {
    for (const name of ["findOne", "findMany", "count"] as const) {
      const [byId, byDocumentId] = [
        await call(name, { model: "user", where: where("id") }),
        await call(name, { model: "user", where: where("_id") }),
      ];
      expect(byDocumentId).toEqual(byId);
    }
    const listed = (field: string): Promise<Row[]> =>
      adapter.findMany<Row>({ model: "user", where: where(field) as never });
    expect(await listed("_id")).toEqual(await listed("id"));
  });

  it("deletes the same by it as by `id`", async () => {
    const kept = (await emails()).filter((name) => !matches(operator, name));
    const count = await call("deleteMany", { model: "user", where: where("_id") });
    expect([count, await emails()]).toEqual([3 - kept.length, kept]);
  });
});

/** What each operator of the list above finds among `a`, `b` and `c`. */
function matches(operator: string, name: string): boolean {
  switch (operator) {
    case "ne":
    case "not_in":
      return name !== "b";
    case "lt":
      return name < "b";
    case "lte":
      return name <= "b";
    case "gt":
      return name > "b";
    case "gte":
      return name >= "b";
    default:
      return name === "b";
  }
}

describe("a direct call", () => {
  const where = [{ field: "_id", value: "b" }];

  it("changes the very row", async () => {
    const named = (update: object): object => ({ model: "user", where, update });
    expect(await call("update", named({ name: "1" }))).toMatchObject({ _id: "b", name: "1" });
    expect(await call("updateOne", named({ name: "2" }))).toMatchObject({ _id: "b", name: "2" });
    expect(await call("updateMany", named({ name: "3" }))).toBe(1);
    const increment = { model: "user", where, increment: { logins: 2 } };
    expect(await call("incrementOne", increment)).toMatchObject({ name: "3", logins: 2 });
    expect(await call("consumeOne", { model: "user", where })).toMatchObject({ id: "b" });
    await call("deleteOne", { model: "user", where: [{ field: "_id", value: "a" }] });
    expect(await emails()).toEqual(["c"]);
  });

  it("sorts, selects and joins by it", async () => {
    const join = { as: "session", table: "session", from: "_id", to: "userId", limit: 5 };
    const args = {
      model: "user",
      sortBy: { field: "_id", direction: "desc" },
      select: ["_id"],
      join: [{ ...join, relation: "one-to-many" }],
    };
    expect(await call("findMany", args)).toEqual([
      { _id: "c", session: [] },
      { _id: "b", session: [expect.objectContaining({ _id: "s", id: "s" })] },
      { _id: "a", session: [] },
    ]);
  });

  it("that writes a row back as it was read keeps it", async () => {
    const user = (await call("findOne", { model: "user", where })) as Row;
    const update = { ...user, name: "renamed" };
    expect(await call("updateOne", { model: "user", where, update })).toEqual(update);
  });
});

describe("Better Auth's adapter", () => {
  it("sorts and selects by it", async () => {
    const sortBy = { field: "_id", direction: "desc" as const };
    const rows = await adapter.findMany<Row>({ model: "user", sortBy, select: ["email"] });
    expect(rows.map(({ email }) => email)).toEqual(
      ["c", "b", "a"].map((id) => `${id}@example.com`),
    );
    const where = [{ field: "_id", value: "b" }];
    await adapter.update({ model: "user", where, update: { name: "changed" } });
    expect(await adapter.findOne({ model: "user", where })).toMatchObject({ name: "changed" });
    await adapter.deleteMany({ model: "user", where: [{ ...where[0]!, operator: "ne" }] });
    expect(await emails()).toEqual(["b"]);
  });
});
