/** Requests whose deletions are larger than one transaction of Convex: they end, and do the whole of their work. */
import { organization } from "better-auth/plugins/organization";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createSessionClient } from "../../js/server/session-client.js";
import { makeLookupsQuick } from "../host/quick-lookup.js";
import { PASSWORD } from "../plugins/support/app.js";
import type { Browser } from "../plugins/support/app.js";
import type { ComponentApp } from "../support/component-app.js";
import { createComponentApp } from "../support/component-app.js";

let app: ComponentApp;
let browser: Browser;

beforeEach(async () => {
  app = createComponentApp({ plugins: [organization()] });
  await makeLookupsQuick((handler) => app.harness.t.run(handler as never));
  browser = app.browser();
  await browser.signUp("ada@example.com");
});

const count = (model: string): Promise<number> => app.harness.store().run("count", { model });

async function adaId(): Promise<string> {
  const [user] = await app.rows("user");
  return String(user?.["id"]);
}

/** Rows of a table, as many as Convex takes in a few calls. */
async function seed(
  model: string,
  total: number,
  row: (n: number) => Record<string, unknown>,
): Promise<void> {
  const steps = Array.from({ length: total }, (_, n) => ({
    operation: { create: { model, data: { id: `${model}-${String(n)}`, ...row(n) } } },
  }));
  for (let from = 0; from < total; from += 500)
    await app.harness.store().log?.commit(steps.slice(from, from + 500) as never);
  app.harness.costs.length = 0;
}

async function sessions(total: number): Promise<string> {
  const userId = await adaId();
  const expiresAt = Date.now() + 1e9;
  await seed("session", total, (n) => ({ userId, token: `token-${String(n)}`, expiresAt }));
  return userId;
}

describe("a user with 2,100 sessions", () => {
  it("changes the password and ends all others", async () => {
    await sessions(2_100);
    const response = await browser.request("/change-password", {
      body: {
        currentPassword: PASSWORD,
        newPassword: "another password",
        revokeOtherSessions: true,
      },
    });
    expect(response.status).toBe(200);
    expect(await count("session")).toBe(1);
    expect(app.harness.dropped).toEqual([]);
  }, 120_000);

  it("ends all other sessions, not only the 100 that Better Auth lists", async () => {
    await sessions(2_100);
    expect((await browser.request("/revoke-other-sessions", { body: {} })).status).toBe(200);
    expect(await count("session")).toBe(1);
    const own = await browser.request("/get-session");
    expect(await own.json()).toMatchObject({ user: { email: "ada@example.com" } });
    expect(app.harness.dropped).toEqual([]);
  }, 120_000);

  it("is signed out everywhere by an action, and in a mutation is told what to do", async () => {
    const userId = await sessions(2_100);
    const client = createSessionClient(app.harness.component);
    await app.harness.t.run(async (ctx) => {
      const refused = client.revokeUserSessions(ctx as never, userId);
      await expect(refused).rejects.toMatchObject({
        data: { code: "LIMIT_EXCEEDED", message: expect.stringContaining("an action") as string },
      });
    });
    expect(await count("session")).toBe(2_101);
    await app.harness.t.action(async (ctx) => {
      expect(await client.revokeUserSessions(ctx, userId)).toBe(2_101);
    });
    expect(await count("session")).toBe(0);
    expect(app.harness.dropped).toEqual([]);
  }, 120_000);
});

it("a user is signed out everywhere by an action that loses to other writes at first", async () => {
  const conflict =
    'Documents read from or written to the "session" table changed while this mutation was being run and on every subsequent retry.';
  const answers: unknown[] = [{ part: 2, next: "page" }, new Error(conflict), 1];
  const runMutation = vi.fn((): Promise<unknown> => {
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const client = createSessionClient(app.harness.component);
  const ctx = { runMutation, runAction: true };
  expect(await client.revokeUserSessions(ctx as never, "u")).toBe(3);
  expect(runMutation).toHaveBeenCalledTimes(3);
});

it("an organization of 4,200 members is deleted", async () => {
  const created = await browser.request("/organization/create", {
    body: { name: "Large", slug: "large" },
  });
  const { id } = (await created.json()) as { id: string };
  await seed("member", 4_200, (n) => ({
    organizationId: id,
    userId: `u${String(n)}`,
    role: "member",
  }));
  const response = await browser.request("/organization/delete", { body: { organizationId: id } });
  expect(response.status).toBe(200);
  expect([await count("member"), await count("organization")]).toEqual([0, 0]);
  expect(app.harness.dropped).toEqual([]);
}, 120_000);
