/** The fast lane beside the full way, in every set-up that it has to tell from the plain one. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createTally } from "../../support/two-ways/tally.js";
import type { Kind } from "../../support/two-ways/tally.js";
import type { LaneCase, World } from "./case.js";
import { account, everything } from "./case.js";
import { changeCases } from "./cases/changes.js";
import { limitCases } from "./cases/limits.js";
import { optionCases } from "./cases/options.js";
import { originCases } from "./cases/origins.js";
import { pluginCases } from "./cases/plugins.js";
import { requestCases } from "./cases/requests.js";
import { sessionCases } from "./cases/sessions.js";
import { SITE } from "../support/app.js";
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
  const post: World["post"] = async (browser, path, body = {}) => {
    const answer = await browser.request(path, { body, headers: { origin: SITE } });
    const text = await answer.text();
    expect(`${path} ${String(answer.status)} ${text}`).toMatch(/^[^ ]+ 200 /);
    return JSON.parse(text) as unknown;
  };
  const ada = pair.browser();
  await post(ada, "/sign-up/email", account());
  // A key is there, and a token of Ada's.
  await ada.request("/convex/jwks");
  await ada.request("/convex/token");
  await pair.warm();
  return {
    ...pair,
    ada,
    post,
    async signIn(more) {
      const browser = pair.browser();
      await post(browser, "/sign-in/email", account(more));
      return browser;
    },
  };
}

describe.each([
  ["options", optionCases],
  ["origins", originCases],
  ["rate limits", limitCases],
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
    const statuses = new Set<number>();
    const found = world.database.contents();
    for (const request of requests) {
      if (!each.inOrder) await world.database.become(found);
      const { isTaken, kind, status } = await world.compare(request);
      if (isTaken && kind) taken.add(kind);
      statuses.add(status);
    }
    if (each.status !== undefined) expect([...statuses]).toContain(each.status);
    expect([...taken].sort()).toEqual([...each.lane].sort());
  });
});

afterAll(() => {
  tally.print("options, origins, rate limits, sessions, plugins, changes, requests");
  tally.expectProof();
});
