/** Filters of the app's own that look like those of a renewal or of a stamp: nothing else may be changed by what is added to them. */
import { apiKey } from "@better-auth/api-key";
import type { BetterAuthPlugin } from "better-auth";
import { expect, it } from "vitest";
import { createComponentApp } from "../support/component-app.js";

const either = (field: string, values: string[]) =>
  values.map((value) => ({ field, value, connector: "OR" as const }));

it("an update of a session's end by OR clauses leaves other sessions alone", async () => {
  const app = createComponentApp();
  const { adapter } = await app.auth().$context;
  await app.browser().signUp("ada@example.com");
  const [before] = await app.rows("session");
  for (const tokens of [["none"], ["none", "nobody"]]) {
    const updated = await adapter.update({
      model: "session",
      where: either("token", tokens),
      update: { expiresAt: new Date(4e12) },
    });
    expect(updated).toBeNull();
  }
  expect(await app.rows("session")).toEqual([before]);
});

it("a stamp of an API key by an OR clause leaves other keys alone", async () => {
  const plugin = apiKey({ rateLimit: { enabled: false } }) as unknown as BetterAuthPlugin;
  const app = createComponentApp({ plugins: [plugin] });
  await app.browser().signUp("ada@example.com");
  const [user] = await app.rows("user");
  const auth = app.auth();
  const api = auth.api as unknown as {
    createApiKey(call: { body: object }): Promise<{ id: string; key: string }>;
    verifyApiKey(call: { body: { key: string } }): Promise<{ valid: boolean }>;
  };
  const body = { userId: user?.["id"] };
  const [other, { id, key }] = [await api.createApiKey({ body }), await api.createApiKey({ body })];
  expect(await api.verifyApiKey({ body: { key } })).toMatchObject({ valid: true });
  const { adapter } = await auth.$context;
  await adapter.update({
    model: "apikey",
    where: either("id", [id]),
    update: { lastRequest: new Date(4e12) },
  });
  const rows = await app.rows("apikey");
  expect(rows.find((row) => row["id"] === other.id)?.["lastRequest"] ?? null).toBeNull();
  expect(rows.find((row) => row["id"] === id)?.["lastRequest"]).toBe(4e12);
});

it("a key that is deleted with its own last use is deleted", async () => {
  const plugin = apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } });
  const app = createComponentApp({ plugins: [plugin as unknown as BetterAuthPlugin] });
  await app.browser().signUp("ada@example.com");
  const [user] = await app.rows("user");
  const api = app.auth().api as unknown as {
    createApiKey(call: { body: object }): Promise<{ id: string; key: string }>;
  };
  const body = { userId: user?.["id"], remaining: 1 };
  const { id, key } = await api.createApiKey({ body });
  const response = await app
    .visitor()
    .request("/api-key/delete", { body: { keyId: id }, headers: { "x-api-key": key } });
  expect([response.status, await response.json()]).toEqual([200, { success: true }]);
  expect(await app.rows("apikey")).toEqual([]);
});
