/** The fast lane beside the full way, in every set-up that it has to tell from the plain one. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTally } from "../../support/two-ways/tally.js";
import type { Kind } from "../../support/two-ways/tally.js";
import type { LaneCase, World } from "./case.js";
import { account, everything } from "./case.js";
import { changeCases } from "./cases/changes.js";
import { optionCases } from "./cases/options.js";
import { pluginCases } from "./cases/plugins.js";
import { requestCases } from "./cases/requests.js";
import { sessionCases } from "./cases/sessions.js";
import { createPair } from "./pair.js";

const NOW = 1_800_000_000_000;
const tally = createTally();

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function createWorld({ code = () => ({}) }: LaneCase): Promise<World> {
  const pair = await createPair(code, tally);
  const ada = pair.browser();
  const signedUp = await ada.request("/sign-up/email", { body: account() });
  expect(`${String(signedUp.status)} ${await signedUp.text()}`).toMatch(/^200 /);
  await ada.request("/convex/token");
  await pair.warm();
  return {
    ...pair,
    ada,
    async signIn(more) {
      const browser = pair.browser();
      expect((await browser.request("/sign-in/email", { body: account(more) })).status).toBe(200);
      return browser;
    },
  };
}

describe.each([
  ["options", optionCases],
  ["sessions", sessionCases],
  ["plugins", pluginCases],
  ["changes", changeCases],
  ["requests", requestCases],
] as const)("%s", (_, cases) => {
  it.each(cases as readonly LaneCase[])("$name", async (each) => {
    const world = await createWorld(each);
    await each.then?.(world);
    const requests =
      (await each.requests?.(world)) ?? everything({ cookie: world.ada.cookieHeader() });
    expect(requests.length).toBeGreaterThan(0);
    const taken = new Set<Kind>();
    for (const request of requests) {
      const { isTaken, kind } = await world.compare(request);
      if (isTaken && kind) taken.add(kind);
    }
    expect([...taken].sort()).toEqual([...each.lane].sort());
  });
});

afterAll(() => {
  tally.print("options, sessions, plugins, changes, requests");
  tally.expectProof();
});
