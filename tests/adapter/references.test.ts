/** What `onDelete` of a plugin's reference does, as Better Auth's own migrations would have SQL do it. */
import type { BetterAuthPlugin } from "better-auth";
import type { DBAdapter } from "better-auth/adapters";
import { describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { withReached } from "../../js/adapter/reached.js";
import { createComponentHarness } from "../support/component-harness.js";

type Action = NonNullable<
  NonNullable<
    NonNullable<BetterAuthPlugin["schema"]>[string]["fields"][string]["references"]
  >["onDelete"]
>;

/** Shelves of a user, and books on a shelf which also name the user. */
function library(onDelete: Action): BetterAuthPlugin {
  const to = (model: string, onDelete: Action) =>
    ({ type: "string", required: false, references: { model, field: "id", onDelete } }) as const;
  return {
    id: "library",
    schema: {
      book: { fields: { readerId: to("user", onDelete), shelfId: to("shelf", "cascade") } },
      shelf: { fields: { ownerId: to("user", "cascade") } },
    },
  };
}

const harness = createComponentHarness;
const stores = [
  ["an action", () => harness().store()],
  ["a mutation", () => harness().mutationStore()],
] as const;

async function setUp(adapter: DBAdapter): Promise<{ ada: string; shelf: string }> {
  const times = { createdAt: new Date(), updatedAt: new Date() };
  const user = { name: "Ada", email: "ada@x.y", emailVerified: false, ...times };
  const ada = (await adapter.create<{ id: string }>({ model: "user", data: user as never })).id;
  const shelf = await adapter.create<{ id: string }>({
    model: "shelf",
    data: { ownerId: ada } as never,
  });
  return { ada, shelf: shelf.id };
}

describe.each(stores)("in %s", (_where, createStore) => {
  it.each(["restrict", "no action", "set default"] as const)(
    "`%s` keeps what is referred to",
    async (onDelete) => {
      const adapter = createConvexGateAdapter({ store: createStore() })({
        plugins: [library(onDelete)],
      });
      const { ada } = await setUp(adapter);
      await adapter.create({ model: "book", data: { readerId: ada } as never });
      const where = [{ field: "id", value: ada }];
      await expect(adapter.delete({ model: "user", where })).rejects.toMatchObject({
        code: "RESTRICTED",
        meta: { model: "book", field: "readerId", target: "user" },
      });
      const left = await Promise.all(
        ["user", "shelf", "book"].map((model) => adapter.count({ model })),
      );
      expect(left).toEqual([1, 1, 1]);
      // Nobody refers to it: it may go.
      await adapter.deleteMany({ model: "book", where: [] });
      await adapter.delete({ model: "user", where });
      expect(await adapter.count({ model: "shelf" })).toBe(0);
    },
  );

  it("`no action` lets go what goes with the same deletion", async () => {
    const adapter = createConvexGateAdapter({ store: createStore() })({
      plugins: [library("no action")],
    });
    const { ada, shelf } = await setUp(adapter);
    await adapter.create({ model: "book", data: { readerId: ada, shelfId: shelf } as never });
    await adapter.delete({ model: "user", where: [{ field: "id", value: ada }] });
    expect(await adapter.count({ model: "book" })).toBe(0);
  });
});

it("a deletion is told of the references that it can come to, and of no others", () => {
  const reference = (model: string, target: string, onDelete: string) => ({
    model,
    field: "of",
    target,
    to: "id",
    onDelete,
  });
  const references = [
    reference("waitlist", "user", "no action"),
    reference("session", "user", "cascade"),
    reference("device", "session", "cascade"),
    reference("report", "device", "restrict"),
  ];
  const of = (model: string): string[] =>
    withReached({ model, rules: { references } }).rules.references.map((each) => each.model);
  expect(of("user")).toEqual(["waitlist", "session", "device", "report"]);
  expect(of("session")).toEqual(["device", "report"]);
  expect(of("waitlist")).toEqual([]);
});
