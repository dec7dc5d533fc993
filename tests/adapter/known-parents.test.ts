/** References to rows of the same transaction, and what an import is told of one that leads nowhere. */
import type { DBAdapter } from "better-auth/adapters";
import { organization } from "better-auth/plugins/organization";
import { beforeEach, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";

const at = new Date(0);
const user = { name: "Ada", email: "ada@example.com", emailVerified: true };
const account = { accountId: "a", providerId: "credential", createdAt: at, updatedAt: at };

let harness: ComponentHarness;
let adapter: DBAdapter;

beforeEach(() => {
  harness = createComponentHarness();
  adapter = createConvexGateAdapter({ store: harness.store() })({ plugins: [organization()] });
});

const createUser = (trx: Pick<DBAdapter, "create">): Promise<{ id: string }> =>
  trx.create<Record<string, unknown>, { id: string }>({
    model: "user",
    data: { ...user, createdAt: at, updatedAt: at },
  });

it("what a transaction creates need not be read to be referred to", async () => {
  await adapter.transaction(async (trx) => {
    const { id: userId } = await createUser(trx);
    await trx.create({ model: "account", data: { ...account, userId } });
    const data = { name: "A", slug: "a", createdAt: at };
    const { id: organizationId } = await trx.create<typeof data, { id: string }>({
      model: "organization",
      data,
    });
    const member = { organizationId, userId, role: "owner", createdAt: at };
    await trx.create({ model: "member", data: member });
  });
  expect(harness.costs).toEqual(["transactions:commit 0"]);
  expect(await adapter.count({ model: "member" })).toBe(1);
});

it("what it deletes or changes again is looked for", async () => {
  const refused = adapter.transaction(async (trx) => {
    const { id: userId } = await createUser(trx);
    await trx.delete({ model: "user", where: [{ field: "id", value: userId }] });
    await trx.create({ model: "account", data: { ...account, userId } });
  });
  await expect(refused).rejects.toMatchObject({ code: "FOREIGN_KEY_CONSTRAINT" });
  expect(await adapter.count({ model: "user" })).toBe(0);

  harness.costs.length = 0;
  await adapter.transaction(async (trx) => {
    const { id: userId } = await createUser(trx);
    await trx.updateMany({ model: "user", where: [], update: { name: "Eve" } });
    await trx.create({ model: "account", data: { ...account, userId } });
  });
  expect(await adapter.count({ model: "account" })).toBe(1);
});

it("a row whose user is missing is refused by the names of table and field, and nothing is written", async () => {
  const data = { id: "1", ...account, userId: "elsewhere" };
  await expect(adapter.create({ model: "account", data, forceAllowId: true })).rejects.toThrow(
    expect.objectContaining({
      code: "FOREIGN_KEY_CONSTRAINT",
      message: "foreign key constraint failed: `account.userId` refers to no row of `user`",
      meta: { model: "account", field: "userId", target: "user" },
    }),
  );
  expect(await adapter.count({ model: "account" })).toBe(0);
});
