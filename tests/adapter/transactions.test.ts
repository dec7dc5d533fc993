/** Hooks after a commit, runs that are repeated, and transactions within transactions. */
import { getCurrentAdapter, runWithTransaction } from "@better-auth/core/context";
import type { DBAdapter } from "better-auth/adapters";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import type { ConvexGateStore } from "../../js/adapter/index.js";
import { plainPasswords } from "../plugins/support/app.js";
import { createComponentApp } from "../support/component-app.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";

const email = "ada@example.com";

describe("hooks after a commit", () => {
  /** An app whose hooks write down what is stored when they run, and whose commits somebody may get ahead of. */
  function createApp(getAhead: (store: ConvexGateStore) => Promise<unknown>) {
    const seen: string[] = [];
    let mailed = "";
    let commits = 0;
    const password = async (): Promise<unknown> =>
      (await app.rows("account")).map((row) => row["password"]).join();
    const app = createComponentApp({
      options: {
        emailAndPassword: {
          enabled: true,
          password: plainPasswords,
          sendResetPassword: ({ token }) => Promise.resolve(void (mailed = token)),
        },
        databaseHooks: {
          user: {
            create: {
              before: async () =>
                void seen.push(`before user: ${String((await app.rows("user")).length)}`),
              after: async () =>
                void seen.push(`after user: ${String((await app.rows("user")).length)}`),
            },
          },
          account: {
            update: {
              after: async () => void seen.push(`after account: ${String(await password())}`),
            },
          },
        },
      },
      store(store) {
        const { log } = store;
        if (!log) throw new Error("an action has a log");
        return {
          ...store,
          log: {
            ...log,
            async commit(steps) {
              commits += 1;
              if (commits === 1) await getAhead(store);
              return await log.commit(steps);
            },
          },
        };
      },
    });
    return {
      app,
      seen,
      commits: () => commits,
      token: () => mailed,
      expectRepeats: () => (commits = 0),
    };
  }

  it("see what was committed", async () => {
    const { app, seen } = createApp(() => Promise.resolve());
    expect((await app.browser().signUp(email)).status).toBe(200);
    expect(seen).toEqual(["before user: 0", "after user: 1"]);
  });

  it("do not run when the commit fails", async () => {
    const { app, seen } = createApp(() => Promise.reject(new Error("the network is down")));
    await expect(
      app
        .auth()
        .api.signUpEmail({ body: { email, password: "correct horse", name: "Ada" } } as never),
    ).rejects.toThrow();
    expect(seen).toEqual(["before user: 0"]);
    expect(await app.rows("user")).toEqual([]);
  });

  it("run once although the transaction ran twice, because others changed what it had read", async () => {
    const { app, seen, commits, token, expectRepeats } = createApp(async (store) => {
      const where = [{ field: "providerId", value: "credential" }];
      await store.run("updateMany", { model: "account", where, update: { scope: "changed" } });
    });
    const browser = app.browser();
    await browser.signUp(email);
    await browser.request("/request-password-reset", { body: { email, redirectTo: "/" } });
    seen.length = 0;
    expectRepeats();
    const body = { token: token(), newPassword: "another password" };
    expect((await browser.request("/reset-password", { body })).status).toBe(200);
    expect(commits()).toBe(2);
    expect(seen).toEqual(["after account: plain:another password"]);
    expect(await app.rows("account")).toMatchObject([{ scope: "changed" }]);
    expect(await app.rows("verification")).toEqual([]);
  });
});

describe("a transaction within a transaction", () => {
  let harness: ComponentHarness;
  let adapter: DBAdapter;

  const create = (trx: Pick<DBAdapter, "create">, name: string) =>
    trx.create({
      model: "user",
      data: {
        name,
        email: `${name}@example.com`,
        emailVerified: false,
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    });
  const names = async (): Promise<string[]> =>
    (await adapter.findMany<{ name: string }>({ model: "user" })).map(({ name }) => name).sort();

  beforeEach(() => {
    harness = createComponentHarness();
    adapter = createConvexGateAdapter({ store: harness.store() })({});
  });

  it("joins it: one commit for both", async () => {
    await adapter.transaction(async (outer) => {
      await create(outer, "outer");
      // Its type has no `transaction`, but Better Auth's factory gives every adapter one.
      await (outer as DBAdapter).transaction(async (inner) => {
        await create(inner, "inner");
        expect(await inner.count({ model: "user" })).toBe(2);
      });
      expect(await names()).toEqual([]);
    });
    expect(harness.costs.filter((cost) => cost.includes(":commit"))).toHaveLength(1);
    expect(await names()).toEqual(["inner", "outer"]);
  });

  it("is undone with it", async () => {
    const failing = adapter.transaction(async (outer) => {
      await (outer as DBAdapter).transaction((inner) => create(inner, "inner"));
      throw new Error("the outer one fails");
    });
    await expect(failing).rejects.toThrow("the outer one fails");
    expect(await names()).toEqual([]);
  });

  it("joins it through Better Auth's context too", async () => {
    harness.calls.length = 0;
    await runWithTransaction(adapter, () =>
      runWithTransaction(adapter, async () => {
        await create(await getCurrentAdapter(adapter), "inner");
      }),
    );
    expect(harness.calls).toEqual(["mutation"]);
    expect(await names()).toEqual(["inner"]);
  });
});

describe("operations side by side in a transaction", () => {
  const adapterOf = (harness: ComponentHarness): DBAdapter =>
    createConvexGateAdapter({ store: harness.store() })({
      user: { additionalFields: { score: { type: "number", required: false } } },
    });
  const ada = {
    name: "Ada",
    email,
    emailVerified: false,
    createdAt: new Date(),
    updatedAt: new Date(),
  };
  const by = { model: "user", where: [{ field: "email", value: email }] };

  it("take turns", async () => {
    const adapter = adapterOf(createComponentHarness());
    await adapter.create({ model: "user", data: { ...ada, score: 0 } });
    await adapter.transaction((within) =>
      Promise.all([
        within.update({ ...by, update: { name: "Grace" } }),
        within.incrementOne({ ...by, increment: { score: 5 } }),
        within.incrementOne({ ...by, increment: { score: 1 } }),
      ]),
    );
    expect(await adapter.findOne(by)).toMatchObject({ name: "Grace", score: 6 });
  });

  it("give what they would one after the other", async () => {
    const adapter = adapterOf(createComponentHarness());
    await adapter.create({ model: "user", data: ada });
    const where = [{ field: "name", value: "Ada" }];
    const deleted = await adapter.transaction((within) =>
      Promise.all([within.deleteMany(by), within.deleteMany({ model: "user", where })]),
    );
    expect(deleted).toEqual([1, 0]);
  });

  it("go on when one of them fails", async () => {
    const adapter = adapterOf(createComponentHarness());
    await adapter.create({ model: "user", data: ada });
    const ended = await adapter.transaction((within) =>
      Promise.allSettled([
        within.update({ ...by, update: { score: Infinity } }),
        within.update({ ...by, update: { score: 7 } }),
      ]),
    );
    expect(ended.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(await adapter.findOne(by)).toMatchObject({ score: 7 });
  });

  it("by a hook of the app in a sign-up", async () => {
    const app = createComponentApp({
      options: {
        emailAndPassword: { enabled: true, password: plainPasswords },
        user: { additionalFields: { score: { type: "number", required: false } } },
        databaseHooks: {
          account: {
            create: {
              before: async ({ userId }, ctx) => {
                const adapter = await getCurrentAdapter(ctx!.context.adapter);
                const target = { model: "user", where: [{ field: "id", value: userId }] };
                await Promise.all([
                  adapter.update({ ...target, update: { score: 1 } }),
                  adapter.update({ ...target, update: { name: "Grace" } }),
                ]);
              },
            },
          },
        },
      },
    });
    const body = { name: "Ada", email, password: "correct horse" };
    const { status } = await app.browser().request("/sign-up/email", { body });
    expect(status).toBe(200);
    expect(await app.rows("user")).toMatchObject([{ name: "Grace", score: 1 }]);
  });
});
