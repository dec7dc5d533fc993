/** Contexts that are kept between calls, as a real backend was seen to keep them (convex-backend 94a42c3db). */
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { FixtureHost } from "./support/fixture-host.js";
import { createSigner, startFixture } from "./support/fixture-host.js";

/** What a call of the module `warm` tells. */
interface Told {
  calls: number;
  label: string;
  now: number;
}

let env: Record<string, string>;
let host: FixtureHost;
let single: FixtureHost;
beforeAll(async () => {
  const { jwks } = await createSigner("ES256");
  env = { LOCAL_JWKS: jwks };
  [host, single] = await Promise.all([
    startFixture(env, { workers: 8 }),
    startFixture(env, { workers: 1 }),
  ]);
});
afterAll(async () => {
  await host.close();
  await single.close();
});
/** A failed call drops the context. */
beforeEach(async () => {
  await expect(mutate(host, { fails: true })).rejects.toThrow("as asked");
  await expect(mutate(single, { fails: true })).rejects.toThrow("as asked");
});

const ask = (on: FixtureHost, name = "warm:inQuery"): Promise<Told> =>
  on.http().query(makeFunctionReference<"query">(name), {}) as Promise<Told>;
const mutate = (on: FixtureHost, args: { fails?: boolean } = {}): Promise<Told> =>
  on.http().mutation(makeFunctionReference<"mutation">("warm:inMutation"), args) as Promise<Told>;
const act = (on: FixtureHost): Promise<Told> =>
  on.http().action(makeFunctionReference<"action">("warm:inAction"), {}) as Promise<Told>;
const calls = async (told: Promise<Told>): Promise<number> => (await told).calls;

it("one context serves the queries and mutations of a module, and is evaluated once", async () => {
  host.metrics.reset();
  expect([
    await calls(ask(host)),
    await calls(mutate(host)),
    await calls(ask(host)),
    await calls(mutate(host)),
  ]).toEqual([1, 2, 3, 4]);
  const evaluated = host.metrics.snapshot().calls.map(({ evaluatedBytes }) => evaluatedBytes > 0);
  expect(evaluated).toEqual([true, false, false, false]);
});

it("a failed call drops it", async () => {
  expect(await calls(ask(host))).toBe(1);
  expect(await calls(ask(host))).toBe(2);
  await expect(mutate(host, { fails: true })).rejects.toThrow("as asked");
  expect(await calls(ask(host))).toBe(1);
});

it("actions have fresh ones, and leave it alone", async () => {
  expect(await calls(ask(host))).toBe(1);
  expect([await calls(act(host)), await calls(act(host))]).toEqual([1, 1]);
  expect(await calls(ask(host))).toBe(2);
});

it("another module leaves it alone while there are workers, and drops it on the same one", async () => {
  for (const [on, then] of [
    [host, 2],
    [single, 1],
  ] as const) {
    expect(await calls(ask(on))).toBe(1);
    await on.http().query(makeFunctionReference<"query">("messages:list"), { room: "a" });
    expect(await calls(ask(on))).toBe(then);
  }
});

it("modules that do not ask for it have fresh ones", async () => {
  const probe = makeFunctionReference<"query">("probes:inQuery");
  for (let turn = 0; turn < 3; turn += 1)
    expect(await host.http().query(probe, { name: "calls" })).toEqual({ gives: 1 });
});

it("calls nested in others find it too", async () => {
  expect(await ask(host, "warm:nested")).toEqual([1, 2]);
  expect(await ask(host, "warm:nested")).toEqual([3, 4]);
});

it("calls at once have one each", async () => {
  const told = await Promise.all([ask(host), ask(host), ask(host)]);
  expect(Math.max(...told.map((each) => each.calls))).toBeLessThanOrEqual(3);
  expect(new Set(told.map(({ now }) => typeof now))).toEqual(new Set(["number"]));
});

it("each call has its own clock, log lines and counts", async () => {
  const first = await ask(host);
  await new Promise((resolve) => setTimeout(resolve, 5));
  host.metrics.reset();
  const second = await mutate(host);
  expect(second.now).toBeGreaterThan(first.now);
  expect(host.lines.slice(-2)).toEqual(["[warm:inQuery] called 1", "[warm:inMutation] called 2"]);
  expect(host.metrics.snapshot().calls).toMatchObject([
    { function: "warm:inMutation", clockReads: 1 },
  ]);
});

it("a variable that the module read while it was evaluated drops it when it changes", async () => {
  expect(await ask(host)).toMatchObject({ calls: 1, label: "none" });
  await host.setEnv({ OTHER: "a" });
  expect(await ask(host)).toMatchObject({ calls: 2 });
  await host.setEnv({ LABEL: "new" });
  expect(await ask(host)).toMatchObject({ calls: 1, label: "new" });
  await host.setEnv({ LABEL: undefined });
});
