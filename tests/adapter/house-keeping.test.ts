/** What keeps tables bounded: sweeps along with writes, and the scheduled clean-up. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClient } from "../../js/server/index.js";
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

const put = (model: string, data: Record<string, unknown>): Promise<unknown> =>
  harness.store().run("create", { model, data });
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

describe("cleanUp", () => {
  const tables = ["session", "verification", "deviceCode", "oauthAccessToken"] as const;
  const others = ["oauthRefreshToken", "oauthClientAssertion", "apikey"] as const;

  it("deletes what is over for a day, rate limits after a month, and never what is valid or has no end", async () => {
    // None of these ids draws a sweep.
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

    const deleted = await cleanUp();
    expect(deleted).toBe(8);
    for (const model of [...tables, ...others]) {
      const kept = ["late", "live", "null", "none"].map((end) => `${model}-${end}`);
      expect(await idsOf(model), model).toEqual(expect.arrayContaining(kept));
      expect(await idsOf(model), model).not.toContain(`${model}-over`);
    }
    expect(await idsOf("rateLimit")).toEqual(["busy"]);
    const where = [{ field: "id", value: "of-session" }];
    const token = await harness.store().run("findOne", { model: "oauthRefreshToken", where });
    expect(token).toMatchObject({ sessionId: null });
    expect(await cleanUp()).toBe(0);
  });

  it("goes on by itself when there is more", async () => {
    vi.useRealTimers();
    for (let n = 0; n < 450; n += 1) await put("deviceCode", { expiresAt: 1_000 + n });
    vi.useFakeTimers();
    expect(await cleanUp()).toBeGreaterThan(0);
    await harness.t.finishAllScheduledFunctions(() => void vi.runAllTimers());
    expect(await idsOf("deviceCode")).toEqual([]);
  }, 30_000);

  function cleanUp(): Promise<number> {
    const client = createClient(harness.component);
    return harness.t.action((ctx) => client.cleanUp(ctx as never));
  }
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
