/**
 * Pages whose tokens live for half a minute. They are renewed and nobody sees it; where servers fail or networks are gone for a
 * while, nobody is signed out by that.
 */
import type { Page, Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Visit } from "./support/browser.js";
import { useBrowser } from "./support/browser.js";
import { expiryOf } from "./support/page-log.js";
import {
  addNote,
  forgetViews,
  shortTokens,
  signedIn,
  signUp,
  uncaught,
  useFixture,
  views,
} from "./support/fixture.js";
import { useTime } from "./support/time.js";

/** Tokens live for 30 s and are renewed 14 s before that. */
const RENEWAL_S = 16;
const RENEWALS = 20;

const browser = useBrowser();
const time = useTime();
const app = useFixture(browser, "browser-short-tokens", shortTokens);

const failing = (route: Route): Promise<void> => route.fulfill({ status: 500, body: "no" });
const isDegraded = async (page: Page): Promise<boolean> =>
  (await page.locator("[data-view=degraded]").count()) > 0;
const degraded = ({ page, context }: Visit): Promise<void> =>
  time.passUntil(context, () => isDegraded(page));
const well = ({ page, context }: Visit): Promise<void> =>
  time.passUntil(context, async () => !(await isDegraded(page)));

it(
  "that its tokens are renewed for minutes is not seen, and no query is run without a user",
  { timeout: 180_000 },
  async () => {
    const { page, context, log } = await time.open(browser, app.origin);
    await signUp(page);
    await page.locator("[data-session=signedIn]").waitFor();
    const startedAt = Date.now();
    await forgetViews(page);
    log.authRequests.length = 0;
    const before = log.sent.length;
    const authentications = (): number =>
      log.sent.slice(before).filter(({ type }) => type === "Authenticate").length;

    // The subscription is alive under every token.
    for (let done = 0; done < RENEWALS; done = authentications()) {
      await time.pass(context, RENEWAL_S);
      await expect.poll(authentications, { timeout: 30_000 }).toBeGreaterThan(done);
      if (done % 4 === 0) await addNote(page, `under token ${String(done)}`);
    }

    // On a machine that is busy for longer than the leeway a token may end before the next one is there. The server then
    // refuses the message that found out, and Convex's client sends it again under the new token.
    const late = log.received.filter(({ type }) => type === "AuthError").length;
    const tokens = log.authRequests.filter((path) => path === "/convex/token").length;
    console.log(
      `note: ${String(tokens)} token requests for ${String(authentications())} renewals of tokens that live for 30 s, ${String(late)} of them late, in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`,
    );
    expect(await views(page)).toEqual(["notes list"]);
    expect(uncaught(app)).toEqual([]);
    expect(log.authRequests).toEqual(Array.from({ length: tokens }, () => "/convex/token"));
    // One request a renewal, and no more than time has room for.
    expect(tokens).toBeLessThanOrEqual(authentications() + late + 1);
    expect(tokens).toBeLessThanOrEqual(1 + late + (Date.now() - startedAt) / 1000 / RENEWAL_S);
    expect(await page.evaluate(() => window.fixture.calls.setAuth)).toBe(1);
    expect(log.pageErrors).toEqual([]);
  },
);

/** When the token ends that Convex was given last, in ms since the epoch. */
const endOf = ({ log }: Visit): number =>
  expiryOf(log.sent.findLast(({ type }) => type === "Authenticate")!);

/** A page of somebody with a note. What it showed on the way there is forgotten. */
async function noted(): Promise<Visit> {
  const visit = await time.open(browser, app.origin);
  await signUp(visit.page);
  await addNote(visit.page, "before");
  await forgetViews(visit.page);
  return visit;
}

describe("auth endpoints that answer 500", () => {
  it("leave an open page signed in and as it is, which says so and recovers", async () => {
    const visit = await noted();
    const { page, context, log } = visit;
    const ends = endOf(visit);
    log.authRequests.length = 0;
    await context.route("**/api/auth/**", failing);
    await degraded(visit);
    // Longer than the token lives, and it was asked for again and again.
    await time.passUntil(context, () => Date.now() > ends && log.authRequests.length > 3);
    expect(await page.locator("[data-session=signedIn]").count()).toBe(1);
    await context.unroute("**/api/auth/**");
    await well(visit);
    await addNote(page, "after");
    expect(await views(page)).toEqual(["notes list", "degraded notes list", "notes list"]);
    expect(log.pageErrors).toEqual([]);
    expect(uncaught(app)).toEqual([]);
  });

  it("do not sign out a page whose token ended meanwhile and whose connection broke", async () => {
    const visit = await time.open(browser, app.origin);
    const { page, context } = visit;
    await signUp(page);
    await forgetViews(page);
    await context.route("**/api/auth/**", failing);
    await degraded(visit);
    const ends = endOf(visit);
    await time.passUntil(context, () => Date.now() > ends);
    // The server refuses the old token when Convex connects anew, and there is no other to show anything with.
    app.host.dropConnections();
    await page.locator("[data-view=auth-loading]").waitFor();
    expect(await page.locator("[data-session=signedIn]").count()).toBe(1);
    await context.unroute("**/api/auth/**");
    await signedIn(page);
    await well(visit);
    // `unavailable` takes the place of `loading` with the third attempt, which may be over before or come after.
    const seen = (await views(page)).map((view) => view.replace("unavailable", "loading"));
    expect(seen.filter((view, i) => view !== seen[i - 1])).toEqual([
      "notes list",
      "degraded notes list",
      "degraded auth-loading loading",
      "notes",
      "notes list",
    ]);
    expect(uncaught(app)).toEqual([]);
  });

  it("leave a page that is loaded meanwhile neither signed in nor signed out, until they answer", async () => {
    const visit = await time.open(browser, app.origin);
    const { page, context } = visit;
    await signUp(page);
    await context.route("**/api/auth/**", failing);
    // A page that loads would go on with the token that was kept, if that had longer to live.
    await time.passUntil(context, () => Date.now() > endOf(visit) - 10_000);
    await page.reload();
    await degraded(visit);
    await page.locator("[data-session=unknown]").waitFor();
    await context.unroute("**/api/auth/**");
    await signedIn(page);
    await well(visit);
    expect(await views(page)).not.toContain("form");
  });
});

describe("a network that is gone", () => {
  it("leaves the page signed in, which says so and recovers", async () => {
    const visit = await noted();
    const { page, context, log } = visit;
    await context.setOffline(true);
    app.host.dropConnections();
    await degraded(visit);
    expect(await page.locator("[data-session=signedIn]").count()).toBe(1);
    await context.setOffline(false);
    await well(visit);
    await addNote(page, "after");
    expect(await views(page)).not.toContain("form");
    expect(log.pageErrors).toEqual([]);
    expect(uncaught(app)).toEqual([]);
  });
});
