/**
 * Whatever an endpoint leaves behind, the fast lane tells as the full way does: after each call of the sweep its users and
 * sessions are put into the component, and the browser asks both ways.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { Contents, Document } from "../../host/database.js";
import { createTally } from "../../support/two-ways/tally.js";
import { ofSession } from "../fast-lane/case.js";
import { createPair } from "../fast-lane/pair.js";
import type { Pair } from "../fast-lane/pair.js";
import type { App } from "../support/app.js";
import { adminCases } from "./admin-cases.js";
import { coreCases } from "./core-cases.js";
import { organizationCases } from "./organization-cases.js";
import { pluginCases } from "./plugin-cases.js";
import { answerTokenRequest } from "./social.js";
import { createWorld, sweepOptions, sweepPlugins } from "./world.js";

const NOW = 1_800_000_000_000;
const cases = { ...coreCases, ...pluginCases, ...organizationCases, ...adminCases };
const table = Object.entries(cases).flatMap(([endpoint, list]) =>
  list.map((each) => ({ endpoint, title: each.title ?? "", each })),
);
const tally = createTally();

let pair: Pair;
let beginning: Contents;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  // With multiSession() every request goes the full way: it has a hook for all of them.
  const plugins = sweepPlugins().filter(({ id }) => id !== "multi-session");
  pair = await createPair(
    () => ({ plugins, options: sweepOptions({ cookieCache: false }) }),
    tally,
  );
  // The app of the sweep is no deployment: it has no table for rate limits, and its browser no origin.
  vi.stubEnv("NODE_ENV", "test");
  vi.stubEnv("CONVEX_CLOUD_URL", undefined);
  await pair.browser().request("/convex/jwks");
  await pair.warm();
  beginning = pair.database.contents();
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  vi.stubGlobal("fetch", answerTokenRequest);
});
afterEach(() => void vi.useRealTimers());

it.each(table)("$endpoint $title", async ({ each, endpoint }) => {
  const world = await createWorld({ throughApi: false, convexFirst: false, cookieCache: false });
  const { status } = await world.call(endpoint, await each.call(world));
  expect(status).toBe(each.status ?? 200);
  for (const request of ofSession({ cookie: world.browser.cookieHeader() })) {
    await pair.database.become(withRows(beginning, world.app.tables));
    await pair.compare(request);
  }
});

afterAll(() => {
  vi.unstubAllEnvs();
  tally.print("after each call of the endpoint sweep");
  tally.expectProof(["session", "session with token", "token"], 50);
});

/** The component with these users and sessions. */
function withRows(contents: Contents, tables: App["tables"]): Contents {
  const rows = ["user", "session"].flatMap((name) =>
    (tables[name] ?? []).map((row, index): [string, Document] => {
      const _id = `${String(90_000 + index).padStart(32 - name.length, "0")}${name}`;
      return [_id, { ...stored(row), _id, _creationTime: NOW }];
    }),
  );
  return new Map(
    [...contents].map(([path, { documents, ...rest }]) => [
      path,
      {
        ...rest,
        documents: path === "" ? documents : { ...documents, ...Object.fromEntries(rows) },
      },
    ]),
  );
}

/** A row of the memory adapter as the component keeps it: dates in ms, and nothing for what is not there. */
function stored(row: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(row).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    kept.map(([name, value]) => [name, value instanceof Date ? value.getTime() : value]),
  );
}
