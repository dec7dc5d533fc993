/**
 * Refusals cost no warm context: they come from the component as values and are thrown on the app's side. What an app
 * calls by itself throws as ever.
 */
import type { DBAdapter } from "better-auth/adapters";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import type { ComponentHarness } from "../support/component-harness.js";
import { createComponentHarness } from "../support/component-harness.js";

let harness: ComponentHarness;
let adapter: DBAdapter;

const user = (id: string, email: string) => ({
  model: "user",
  data: {
    id,
    email,
    name: id,
    emailVerified: false,
    createdAt: new Date(0),
    updatedAt: new Date(0),
  },
  forceAllowId: true,
});

beforeEach(async () => {
  harness = createComponentHarness();
  adapter = createConvexGateAdapter({ store: harness.store() })({});
  await adapter.create(user("ada", "ada@example.com"));
});

describe("a refusal", () => {
  const byName = [{ field: "name", value: "ada" }];
  it.each<[string, string, () => Promise<unknown>]>([
    [
      "a taken e-mail address",
      "UNIQUE_CONSTRAINT",
      () => adapter.create(user("b", "ada@example.com")),
    ],
    [
      "an unknown operator",
      "UNKNOWN_OPERATOR",
      () =>
        adapter.findMany({
          model: "user",
          where: [{ field: "name", operator: "like" as never, value: "a" }],
        }),
    ],
    [
      "a counter that is none",
      "UNSUPPORTED_VALUE",
      () =>
        harness
          .store()
          .run("incrementOne", { model: "user", where: byName, increment: { name: 1 } }),
    ],
  ])("for %s", async (_, code, refused) => {
    await expect(refused()).rejects.toMatchObject({ name: "GateError", code });
    expect(harness.dropped).toEqual([]);
  });

  it("of a commit, before its first write and after it, of which nothing stays", async () => {
    const { log } = harness.store();
    const taken = {
      operation: { create: { model: "user", data: user("b", "b@example.com").data as never } },
    };
    const created = { operation: { create: { model: "verification", data: { id: "v" } } } };
    const seen = { operation: { count: { model: "user" } }, expect: 7 };
    for (const [steps, code] of [
      [[seen, taken], "CONFLICT"],
      [[created, seen], "CONFLICT"],
      [
        [created, taken, { operation: { create: { model: "user", data: { id: "ada" } } } }],
        "UNIQUE_CONSTRAINT",
      ],
    ] as const) {
      await expect(log?.commit(stored(steps))).rejects.toMatchObject({ code });
      await expect(log?.speculate(stored(steps))).rejects.toMatchObject({ code });
    }
    expect(await adapter.count({ model: "user" })).toBe(1);
    expect(await adapter.count({ model: "verification" })).toBe(0);
    expect(harness.dropped).toEqual([]);
  });

  it("of a transaction that reads what it wrote costs none either", async () => {
    const found = await adapter.transaction(async (inner) => {
      await inner.create(user("bob", "bob@example.com"));
      return inner.findOne({
        model: "user",
        where: [{ field: "email", value: "bob@example.com" }],
      });
    });
    expect(found).toMatchObject({ id: "bob" });
    expect(harness.dropped).toEqual([]);
    expect(harness.costs.at(-1)).toMatch(/^transactions:commit /);
  });
});

describe("an app's own call of the component", () => {
  it("throws, and is what the counter counts", async () => {
    const { create } = harness.component.adapter;
    const args = { model: "user", data: { id: "ada" } };
    await expect(harness.t.action((ctx) => ctx.runMutation(create, args))).rejects.toThrow(
      /unique constraint failed/,
    );
    expect(harness.dropped).toEqual(["adapter:create"]);
  });
});

/** Steps with rows as the component keeps them: dates are ms. */
function stored<T>(steps: T): never {
  return JSON.parse(JSON.stringify(steps), (_, value: unknown) =>
    typeof value === "string" && value.startsWith("1970-") ? 0 : value,
  ) as never;
}
