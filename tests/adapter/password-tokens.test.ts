/** A cached token ends with a new password, whatever the app calls the table of accounts and its columns. */
import { expect, it } from "vitest";
import type { BetterAuthOptions } from "better-auth";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentHarness } from "../support/component-harness.js";

const now = new Date();
const times = { createdAt: now, updatedAt: now };

it.each<[string, BetterAuthOptions["account"]]>([
  ["under their own names", {}],
  ["in a table of another name", { modelName: "logins" }],
  ["in a column of another name", { fields: { password: "secret", userId: "ownerId" } }],
])("a new password ends the token: accounts %s", async (_case, account = {}) => {
  const store = createComponentHarness().store();
  const adapter = createConvexGateAdapter({ store })({ account });
  const idOf = async (model: string, data: object): Promise<string> =>
    (await adapter.create<{ id: string }>({ model, data: { ...data, ...times } as never })).id;

  const userId = await idOf("user", { name: "Ada", email: "ada@x.y", emailVerified: false });
  const sessionId = await idOf("session", { userId, token: "t", expiresAt: new Date(4e12) });
  const login = { userId, providerId: "credential", accountId: userId, password: "old" };
  const accountId = await idOf("account", login);
  const entry = { sessionId, userId, token: "jwt", keyId: "k", issuedAt: 1, expiresAt: 4e12 };
  expect(await store.tokens.storeToken(entry)).toBe(true);

  const set = (update: object): Promise<unknown> =>
    adapter.update({ model: "account", where: [{ field: "id", value: accountId }], update });
  await set({ scope: "x", password: "old" });
  expect((await store.tokens.tokenContext("t"))?.cached).toMatchObject({ token: "jwt" });
  await set({ password: "new" });
  expect((await store.tokens.tokenContext("t"))?.cached).toBeNull();
});
