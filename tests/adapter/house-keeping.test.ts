/** What keeps tables bounded: sweeps along with writes, and the scheduled clean-up. */
import type { BetterAuthOptions } from "better-auth";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { expiryOf } from "../../js/adapter/expiring.js";
import { createClient } from "../../js/server/index.js";
import type { CleanUpOptions } from "../../js/server/index.js";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentHarness } from "../support/component-harness.js";
import type { ComponentHarness } from "../support/component-harness.js";

const DAY = 86_400_000;
const START = 1_800_000_000_000;

let harness: ComponentHarness;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: START });
  harness = createComponentHarness();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Creates a row as Better Auth's adapter does: with the time after which rows of the model are over. */
function put(model: string, data: Record<string, unknown>, modelKey = model): Promise<unknown> {
  const expires = expiryOf(modelKey);
  return harness.store().run("create", { model, data, rules: expires ? { expires } : {} });
}
const idsOf = async (model: string): Promise<unknown[]> =>
  (await harness.store().run("findMany", { model, limit: 5_000 })).map(({ id }) => id);

it("a thousand abandoned flows leave a bounded table", async () => {
  for (let flow = 0; flow < 1_000; flow += 1) {
    vi.setSystemTime(START + flow * 3_600_000);
    await put("verification", {
      identifier: `flow${String(flow)}`,
      expiresAt: Date.now() + 600_000,
    });
  }
  // The flows of the last day and those since the last sweep that found any.
  expect((await idsOf("verification")).length).toBeLessThan(150);
}, 60_000);

describe("counters of rate limits", () => {
  const count = (key: string, window: number, keep = DAY): Promise<unknown> | undefined =>
    harness.store().rateLimits?.consume(key, { window, max: 3 }, keep);
  /** Begins so many counters that a sweep is all but certain. */
  async function begin(prefix: string, window: number): Promise<void> {
    for (let n = 0; n < 200; n += 1) await count(`${prefix}${String(n)}`, window);
  }
  const keysOf = async (): Promise<unknown[]> =>
    (await harness.store().run("findMany", { model: "rateLimit", limit: 5_000 })).map(
      ({ key }) => key,
    );

  it("of a thousand addresses that came once leave a bounded table", async () => {
    for (let hour = 0; hour < 1_000; hour += 1) {
      vi.setSystemTime(START + hour * 3_600_000);
      await count(`192.0.2.${String(hour)}|/sign-in`, 10);
    }
    // Those of the last day and those since the last sweep.
    expect((await keysOf()).length).toBeLessThan(150);
  }, 60_000);

  it("stay as long as their window may last, and so do rows that are not ours", async () => {
    await count("idle", 10);
    await put("rateLimit", { id: "renamed", bucket: "a", count: 1, lastRequest: START });
    vi.setSystemTime(START + 2 * DAY);
    await begin("long", 3 * 86_400);
    await begin("forever", Infinity);
    await begin("none", NaN);
    expect(await keysOf()).toHaveLength(602);
    vi.setSystemTime(START + 3 * DAY);
    await count("long0", 3 * 86_400);
    vi.setSystemTime(START + 3 * DAY + 1);
    await begin("new", 10);
    const left = await keysOf();
    expect(left).not.toContain("idle");
    expect(left).toEqual(expect.arrayContaining([undefined, "long0", "new0", "new199"]));
  });
});

describe("cleanUp", () => {
  const tables = ["session", "verification", "deviceCode", "oauthAccessToken"] as const;
  const others = ["oauthRefreshToken", "oauthClientAssertion", "apikey"] as const;

  it("deletes what is over for a day, rate limits after a month, and never what is valid or has no end", async () => {
    // None of these ids draws a sweep. What was over when it was written would stay for a day more.
    vi.setSystemTime(START - 40 * DAY);
    for (const model of [...tables, ...others]) {
      await put(model, { id: `${model}-over`, expiresAt: START - 2 * DAY });
      await put(model, { id: `${model}-late`, expiresAt: START - DAY / 2 });
      await put(model, { id: `${model}-live`, expiresAt: START + 1 });
      await put(model, { id: `${model}-null`, expiresAt: null });
      await put(model, { id: `${model}-none` });
    }
    await put("rateLimit", { id: "idle", key: "a", count: 1, lastRequest: START - 32 * DAY });
    await put("rateLimit", { id: "busy", key: "b", count: 1, lastRequest: START - 30 * DAY });
    await put("oauthRefreshToken", { id: "of-session", sessionId: "session-over" });
    for (const [id, retiredAt] of Object.entries({
      withdrawn: 0,
      retired: START - 3 * DAY,
      published: START - DAY,
      signing: null,
    }))
      await put("gateKeys", { id, createdAt: 1, retiredAt });

    vi.setSystemTime(START);
    expect(await cleanUp()).toBe(10);
    for (const model of [...tables, ...others]) {
      const kept = ["late", "live", "null", "none"].map((end) => `${model}-${end}`);
      expect(await idsOf(model), model).toEqual(expect.arrayContaining(kept));
      expect(await idsOf(model), model).not.toContain(`${model}-over`);
    }
    expect(await idsOf("rateLimit")).toEqual(["busy"]);
    expect(await idsOf("gateKeys")).toEqual(["published", "signing"]);
    const where = [{ field: "id", value: "of-session" }];
    const token = await harness.store().run("findOne", { model: "oauthRefreshToken", where });
    expect(token).toMatchObject({ sessionId: null });
    expect(await cleanUp()).toBe(0);
  });

  it("goes on by itself when there is more", async () => {
    for (let n = 0; n < 450; n += 1)
      await put("deviceCode", { id: `c${String(n)}-`, expiresAt: START });
    vi.useRealTimers();
    vi.useFakeTimers({ now: START + 2 * DAY });
    expect(await cleanUp()).toBe(200);
    await harness.t.finishAllScheduledFunctions(() => void vi.runAllTimers());
    expect(await idsOf("deviceCode")).toEqual([]);
  }, 30_000);

  it("knows a renamed model when it is told the name", async () => {
    const data = { id: "code-", expiresAt: START };
    await harness
      .store()
      .run("create", { model: "codes", data, rules: { indexes: [["expiresAt"]] } });
    vi.setSystemTime(START + 2 * DAY);
    expect(await cleanUp()).toBe(0);
    expect(await cleanUp({ modelNames: { verification: "codes" } })).toBe(1);
    expect(await idsOf("codes")).toEqual([]);
  });

  it("knows renamed fields when it is given Better Auth's options of the model", async () => {
    const options = {
      verification: { modelName: "codes", fields: { expiresAt: "ends" } },
      session: { modelName: "visits", fields: { expiresAt: "endsAt" } },
      rateLimit: { modelName: "hits", fields: { lastRequest: "last" } },
    } satisfies Partial<BetterAuthOptions>;
    const adapter = createConvexGateAdapter({ store: harness.store() })(options);
    const expiresAt = new Date(START + 600_000);
    const user = { name: "Ada", email: "ada@example.com", emailVerified: true };
    await adapter.create({ model: "user", data: { id: "u", ...user }, forceAllowId: true });
    const rows = [
      ["verification", { identifier: "i", value: "v", expiresAt }],
      ["session", { userId: "u", token: "t", expiresAt }],
      ["rateLimit", { key: "k", count: 1, lastRequest: START }],
    ] as const;
    for (const [model, data] of rows)
      await adapter.create({ model, data: { id: `${model}-`, ...data }, forceAllowId: true });
    vi.setSystemTime(START + 32 * DAY);
    expect(await cleanUp({ modelNames: { verification: "codes" } })).toBe(0);
    expect(await cleanUp({ modelNames: options })).toBe(3);
    for (const model of ["codes", "session", "hits"]) expect(await idsOf(model)).toEqual([]);
  });

  it("is the internal mutation that `cronApi` gives", async () => {
    await put("verification", { id: "v-", expiresAt: START });
    vi.setSystemTime(START + 2 * DAY);
    const { cleanUp: scheduled } = createClient(harness.component).cronApi();
    expect(scheduled.isInternal).toBe(true);
    const run = scheduled as unknown as (ctx: unknown, args: {}) => Promise<number>;
    expect(await harness.t.mutation((ctx) => run(ctx, {}))).toBe(1);
  });

  function cleanUp(options?: CleanUpOptions): Promise<number> {
    const client = createClient(harness.component);
    return harness.t.action((ctx) => client.cleanUp(ctx as never, options));
  }
});

describe("a sweep", () => {
  // The last letter of the id draws one.
  const sweeping = "new-0";

  it("comes with a new row of a model that an app renamed, fields included", async () => {
    const options = {
      verification: { modelName: "codes", fields: { expiresAt: "ends" } },
    } satisfies Partial<BetterAuthOptions>;
    const adapter = createConvexGateAdapter({ store: harness.store() })(options);
    const create = (id: string): Promise<unknown> =>
      adapter.create({
        model: "verification",
        data: { id, identifier: id, value: "x", expiresAt: new Date(Date.now() + 600_000) },
        forceAllowId: true,
      });
    await create("old-1");
    vi.setSystemTime(START + 2 * DAY);
    await create("new-1");
    expect(await idsOf("codes")).toEqual(["old-1", "new-1"]);
    await create(sweeping);
    expect(await idsOf("codes")).toEqual(["new-1", sweeping]);
  });

  it("leaves what was over when it was written, so that a row is there for whoever wrote it", async () => {
    await put("session", { id: sweeping, userId: "u", token: "t", expiresAt: START - 9 * DAY });
    expect(await idsOf("session")).toEqual([sweeping]);
  });

  it("comes with the rows of a transaction", async () => {
    await put("verification", { id: "old-1", expiresAt: START });
    vi.setSystemTime(START + 2 * DAY);
    const store = harness.store();
    const rules = { expires: expiryOf("verification") };
    const data = { id: sweeping, expiresAt: START + 3 * DAY };
    await store.log?.commit([
      { operation: { create: { model: "verification", data, rules } } as never },
    ]);
    expect(await idsOf("verification")).toEqual([sweeping]);
  });
});

describe("rows as large as a stranger can make them", () => {
  const parked = "a".repeat(524_368);
  /** None of these sweeps: nothing is over. */
  async function park(rows: number, value = parked): Promise<void> {
    for (let n = 0; n < rows; n += 1)
      await put("verification", { id: `parked${String(n)}-`, value, expiresAt: START + 60_000 });
    vi.setSystemTime(START + 2 * DAY);
  }

  it("are swept without failing the write that the sweep comes with", async () => {
    await park(40);
    for (let n = 0; n < 20; n += 1)
      await put("verification", { id: `new${String(n)}-0`, value: "{}", expiresAt: Date.now() });
    expect((await idsOf("verification")).filter((id) => /^parked/.test(String(id)))).toEqual([]);
  }, 60_000);

  it("go with the scheduled clean-up, which takes as many transactions as it needs", async () => {
    await park(40);
    for (const model of ["deviceCode", "apikey", "session"])
      await put(model, { id: `${model}-`, expiresAt: Date.now() });
    vi.useRealTimers();
    vi.useFakeTimers({ now: START + 4 * DAY });
    const client = createClient(harness.component);
    const deleted = await harness.t.action((ctx) => client.cleanUp(ctx as never));
    expect(deleted).toBeLessThan(10);
    await harness.t.finishAllScheduledFunctions(() => void vi.runAllTimers());
    for (const model of ["verification", "deviceCode", "apikey", "session"])
      expect(await idsOf(model), model).toEqual([]);
  }, 60_000);

  it("are swept where they are counters, too", async () => {
    const count = (key: string): Promise<unknown> | undefined =>
      harness.store().rateLimits?.consume(key, { window: 10, max: 3 }, DAY);
    for (let n = 0; n < 32; n += 1) await count(`${String(n)}|/${"a".repeat(700_000)}`);
    vi.setSystemTime(START + 2 * DAY);
    // Ids are random: it is all but certain that so many sweep as often as needed.
    for (let n = 0; n < 600; n += 1) await count(`new${String(n)}`);
    expect(await idsOf("rateLimit")).toHaveLength(600);
  }, 60_000);

  it("are left where the transaction has read a quarter of what it may", async () => {
    await park(9);
    const { component, t } = harness;
    const data = { id: "new-0", value: "{}", expiresAt: Date.now() + DAY };
    const args = { model: "verification", data, rules: { expires: expiryOf("verification")! } };
    const left = await t.mutation(async (ctx) => {
      const read = (limit: number): Promise<unknown[]> =>
        ctx.runQuery(component.adapter.findMany, { model: "verification", limit }) as never;
      await read(9);
      await ctx.runMutation(component.adapter.create, args);
      return (await read(100)).length;
    });
    expect(left).toBe(10);
    await put("verification", { id: "new-00", value: "{}", expiresAt: Date.now() + DAY });
    expect((await idsOf("verification")).length).toBeLessThan(10);
  }, 60_000);
});

it("a revoked session leaves no token that names it", async () => {
  await put("session", { id: "s", userId: "u", token: "t", expiresAt: START + DAY });
  await put("oauthAccessToken", { id: "a", sessionId: "s", token: "x" });
  const client = createClient(harness.component);
  expect(await harness.t.action((ctx) => client.revokeSession(ctx as never, "s"))).toBe(true);
  const where = [{ field: "id", value: "a" }];
  const token = await harness.store().run("findOne", { model: "oauthAccessToken", where });
  expect(token).toMatchObject({ sessionId: null, token: "x" });
});

it("an id that is no text is refused", async () => {
  await expect(put("verification", { id: 7 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
