/** What the adapter promises beyond Better Auth's own suites, through the component and the built wasm. */
import { betterAuth } from "better-auth/minimal";
import type { DBAdapter } from "better-auth/adapters";
import { beforeEach, describe, expect, it } from "vitest";
import { createConvexGateAdapter, tokenStoreOf } from "../../js/adapter/index.js";
import type { ConvexGateStore } from "../../js/adapter/index.js";
import { isGateError } from "../../js/errors/index.js";
import type { ComponentHarness } from "../support/component-harness.js";
import { createComponentHarness } from "../support/component-harness.js";

let harness: ComponentHarness;
let adapter: DBAdapter;

beforeEach(() => {
  harness = createComponentHarness();
  adapter = createConvexGateAdapter({ store: harness.store() })({});
});

const user = (email: string): Record<string, unknown> => ({
  name: "Ada",
  email,
  emailVerified: false,
  createdAt: new Date(),
  updatedAt: new Date(),
});

const createUser = (email: string): Promise<{ id: string }> =>
  adapter.create({ model: "user", data: user(email) });

describe("values", () => {
  it("absent fields read as null and dates as dates", async () => {
    const { id } = await createUser("ada@example.com");
    const found = await adapter.findOne<Record<string, unknown>>({
      model: "user",
      where: [{ field: "id", value: id }],
    });
    expect(found?.["image"]).toBeNull();
    expect(found?.["createdAt"]).toBeInstanceOf(Date);
  });

  it("a value that no column can hold is a clear error, and nothing is written", async () => {
    const broken = { ...user("ada@example.com"), createdAt: new Date(Number.NaN) };
    await expect(adapter.create({ model: "user", data: broken })).rejects.toMatchObject({
      code: "UNSUPPORTED_VALUE",
    });
    expect(await adapter.count({ model: "user" })).toBe(0);
  });

  it("an unknown operator is a clear error", async () => {
    const where = [{ field: "email", value: "a", operator: "regex" as "eq" }];
    await expect(adapter.findMany({ model: "user", where })).rejects.toMatchObject({
      code: "UNKNOWN_OPERATOR",
    });
  });

  it("ids that no one makes are made by the adapter", async () => {
    const made = createConvexGateAdapter({ store: harness.store() })({
      advanced: { database: { generateId: false } },
    });
    const { id } = await made.create<Record<string, unknown>, { id: string }>({
      model: "user",
      data: user("ada@example.com"),
    });
    expect(id).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  it("refuses serial ids when the instance is made", () => {
    const options = { advanced: { database: { generateId: "serial" as const } } };
    expect(() => createConvexGateAdapter({ store: harness.store() })(options)).toThrow(
      "numeric ids",
    );
  });
});

describe("unique fields", () => {
  it("are refused with an error that Better Auth takes for one", async () => {
    await createUser("ada@example.com");
    const error = await createUser("ada@example.com").catch((each: unknown) => each);
    expect(isGateError(error, "UNIQUE_CONSTRAINT")).toBe(true);
    expect(String(error)).toMatch(/unique constraint/i);
    expect(String(error)).not.toContain("ada@example.com");
    expect(await adapter.count({ model: "user" })).toBe(1);
  });

  it("one row changes into another's value: refused, unchanged", async () => {
    await createUser("ada@example.com");
    const { id } = await createUser("bob@example.com");
    const where = [{ field: "id", value: id }];
    await expect(
      adapter.update({ model: "user", where, update: { email: "ada@example.com" } }),
    ).rejects.toMatchObject({ code: "UNIQUE_CONSTRAINT" });
    expect(await adapter.findOne({ model: "user", where })).toMatchObject({
      email: "bob@example.com",
    });
  });

  it("ten sign-ups at once with one e-mail make one user", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => createUser("ada@example.com")),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await adapter.count({ model: "user" })).toBe(1);
  });
});

describe("single-use rows and counters", () => {
  const verification = {
    identifier: "x",
    value: "y",
    expiresAt: new Date(),
    createdAt: new Date(),
    updatedAt: new Date(),
  };

  it("of ten consumers one gets the row", async () => {
    await adapter.create({ model: "verification", data: verification });
    const where = [{ field: "identifier", value: "x" }];
    const rows = await Promise.all(
      Array.from({ length: 10 }, () => adapter.consumeOne({ model: "verification", where })),
    );
    expect(rows.filter((row) => row !== null)).toHaveLength(1);
  });

  it("a guarded counter has exactly as many winners as it allows", async () => {
    const limited = createConvexGateAdapter({ store: harness.store() })({
      rateLimit: { storage: "database" },
    });
    await limited.create({ model: "rateLimit", data: { key: "k", count: 0, lastRequest: 0 } });
    const results = await Promise.all(
      Array.from({ length: 8 }, () =>
        limited.incrementOne({
          model: "rateLimit",
          where: [
            { field: "key", value: "k" },
            { field: "count", value: 3, operator: "lt" },
          ],
          increment: { count: 1 },
        }),
      ),
    );
    expect(results.filter((row) => row !== null)).toHaveLength(3);
  });
});

describe("a transaction", () => {
  it("that fails leaves nothing, whatever it had done", async () => {
    await expect(
      adapter.transaction(async (trx) => {
        const { id } = await trx.create<Record<string, unknown>, { id: string }>({
          model: "user",
          data: user("ada@example.com"),
        });
        await trx.update({
          model: "user",
          where: [{ field: "id", value: id }],
          update: { name: "Eve" },
        });
        throw new Error("stop");
      }),
    ).rejects.toThrow("stop");
    expect(await adapter.count({ model: "user" })).toBe(0);
  });

  it("sees its own writes", async () => {
    const seen = await adapter.transaction(async (trx) => {
      await trx.create({ model: "user", data: user("ada@example.com") });
      await trx.updateMany({ model: "user", where: [], update: { name: "Grace" } });
      return trx.findMany<{ name: string }>({ model: "user" });
    });
    expect(seen.map(({ name }) => name)).toEqual(["Grace"]);
    expect(await adapter.count({ model: "user" })).toBe(1);
  });

  it("runs again when another one changed what it had read", async () => {
    await createUser("ada@example.com");
    let runs = 0;
    const name = await adapter.transaction(async (trx) => {
      runs += 1;
      const found = await trx.findOne<{ name: string }>({
        model: "user",
        where: [{ field: "email", value: "ada@example.com" }],
      });
      if (runs === 1)
        await adapter.updateMany({ model: "user", where: [], update: { name: "Grace" } });
      await trx.create({ model: "user", data: user("bob@example.com") });
      return found?.name;
    });
    expect({ runs, name }).toEqual({ runs: 2, name: "Grace" });
  });

  it("meets a duplicate where it creates the row, so that it can go on", async () => {
    await createUser("ada@example.com");
    const outcome = await adapter.transaction(async (trx) => {
      try {
        await trx.create({ model: "user", data: user("ada@example.com") });
        return "created";
      } catch {
        return "met the other one";
      }
    });
    expect(outcome).toBe("met the other one");
  });

  it("costs one call for each read and one for the commit", async () => {
    harness.calls.length = 0;
    await adapter.transaction(async (trx) => {
      await trx.findOne({ model: "user", where: [{ field: "email", value: "x@example.com" }] });
      await trx.create({ model: "user", data: user("x@example.com") });
      await trx.create({ model: "user", data: user("y@example.com") });
    });
    expect(harness.calls).toEqual(["query", "mutation"]);
  });
});

describe("sign-up", () => {
  it("leaves no half user when a step fails", async () => {
    const auth = betterAuth({
      database: createConvexGateAdapter({ store: failingAt(harness.store(), "account") }),
      emailAndPassword: { enabled: true },
      secret: "a-secret-of-more-than-thirty-two-characters",
      baseURL: "http://localhost:3000",
      logger: { disabled: true },
    });
    const body = { email: "ada@example.com", password: "correct horse", name: "Ada" };
    await expect(auth.api.signUpEmail({ body })).rejects.toThrow();
    expect(await adapter.count({ model: "user" })).toBe(0);
    expect(await adapter.count({ model: "session" })).toBe(0);
  });
});

describe("deleting a user", () => {
  it("takes sessions and accounts along, and nobody else's", async () => {
    const ada = await createUser("ada@example.com");
    const bob = await createUser("bob@example.com");
    for (const { id } of [ada, bob]) {
      await adapter.create({
        model: "session",
        data: {
          userId: id,
          token: id,
          expiresAt: new Date(),
          createdAt: new Date(),
          updatedAt: new Date(),
        },
      });
    }
    await adapter.delete({ model: "user", where: [{ field: "id", value: ada.id }] });
    const left = await adapter.findMany<{ userId: string }>({ model: "session" });
    expect(left.map(({ userId }) => userId)).toEqual([bob.id]);
  });
});

describe("in a Convex query", () => {
  it("writes are refused with the reason, and transactions are off", async () => {
    const readOnly = createConvexGateAdapter({ store: harness.readOnlyStore() })({});
    expect(readOnly.options?.adapterConfig.transaction).toBe(false);
    await expect(
      readOnly.create({ model: "user", data: user("a@example.com") }),
    ).rejects.toMatchObject({
      code: "READ_ONLY_CONTEXT",
    });
    expect(await readOnly.count({ model: "user" })).toBe(0);
  });
});

describe("the token store of an adapter", () => {
  it("is missing in another adapter, and the error says what to do", () => {
    expect(() => tokenStoreOf({ options: {} })).toThrow("authComponent.adapter(ctx)");
  });

  it("makes one key for fifty first requests", async () => {
    const key = (id: string) => ({
      id,
      alg: "ES256" as const,
      publicKey: "{}",
      privateKey: "cipher",
      createdAt: 1,
    });
    const results = await Promise.all(
      Array.from({ length: 50 }, (_each, index) =>
        tokenStoreOf(adapter).addKey(key(`key-${String(index)}`), null),
      ),
    );
    expect(new Set(results.map((keys) => keys.map(({ id }) => id).join()))).toHaveProperty(
      "size",
      1,
    );
    expect(await tokenStoreOf(adapter).listKeys()).toHaveLength(1);
  });
});

/** A store that fails when a row of this model is created, also within a transaction's log. */
function failingAt(store: ConvexGateStore, model: string): ConvexGateStore {
  const fail = (): never => {
    throw new Error("the database is on fire");
  };
  return {
    ...store,
    run: (method, args) =>
      method === "create" && args.model === model ? fail() : store.run(method, args),
    ...(store.log
      ? {
          log: {
            speculate: store.log.speculate,
            commit: (log) => {
              const poisoned = log.map((step) =>
                "create" in step.operation && step.operation.create.model === model
                  ? { operation: { findMany: { model: "not-a-name" } } as never }
                  : step,
              );
              return store.log?.commit(poisoned) ?? fail();
            },
          },
        }
      : {}),
  };
}
