/** The scenarios of every framework that has a kit, written once: each runs its example, built for production. */
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { useBrowser } from "../support/browser.js";
import { firstPaint } from "./first-paint.js";
import { forms } from "./forms.js";
import { outages } from "./outages.js";
import { people } from "./people.js";
import { sessionLife } from "./session-life.js";
import type { ServerKit } from "./support/kit.js";
import { Tester } from "./support/tester.js";
import type { World } from "./support/world.js";
import { startWorld } from "./support/world.js";

/** A build of Next takes a minute on a busy machine; the next run finds it. */
const BUILD_TIMEOUT_MS = 300_000;

/** Tests a kit by its example. Called once in a file of its own; `more` has the tests of what this framework alone does. */
export function serverKitTests(kit: ServerKit, more?: (tester: Tester) => void): void {
  const browser = useBrowser();
  let world: World | undefined;
  const started = (): World => {
    if (world) return world;
    throw new Error("the example is not started: use it in tests only");
  };
  beforeAll(async () => {
    world = await startWorld(kit);
  }, BUILD_TIMEOUT_MS);
  afterAll(() => world?.close());
  beforeEach(() => {
    world?.hostLog.splice(0);
    world?.serverLog.splice(0);
  });
  browser.keepOnFailure("host.log", () => world?.hostLog.join("\n") ?? "");
  browser.keepOnFailure("server.log", () => world?.serverLog.join("") ?? "");

  const tester = new Tester(kit, browser, started);
  describe(`${kit.name}: the first paint`, () => firstPaint(tester));
  describe(`${kit.name}: a form`, () => forms(tester));
  describe(`${kit.name}: a session`, () => sessionLife(tester));
  describe(`${kit.name}: people`, () => people(tester));
  if (more) describe(`${kit.name} alone`, () => more(tester));
  describe(`${kit.name}: a deployment that is gone`, () => outages(tester));
}
