/** Servers that fail and networks that are gone for a while: nobody is signed out by that. */
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

const browser = useBrowser();
const time = useTime();
// With tokens that live for 9 s a failure is felt within seconds.
const app = useFixture(browser, "browser-outage", shortTokens);

const failing = (route: Route): Promise<void> => route.fulfill({ status: 500, body: "no" });
const isDegraded = async (page: Page): Promise<boolean> =>
  (await page.locator("[data-view=degraded]").count()) > 0;
const degraded = ({ page, context }: Visit): Promise<void> =>
  time.passUntil(context, () => isDegraded(page));
const well = ({ page, context }: Visit): Promise<void> =>
  time.passUntil(context, async () => !(await isDegraded(page)));

describe("auth endpoints that answer 500", () => {
  it("leave an open page signed in and as it is, which says so and recovers", async () => {
    const visit = await time.open(browser, app.origin);
    const { page, context, log } = visit;
    await signUp(page);
    await addNote(page, "before");
    await forgetViews(page);
    log.authRequests.length = 0;
    await context.route("**/api/auth/**", failing);
    await degraded(visit);
    const ends = expiryOf(log.sent.findLast(({ type }) => type === "Authenticate")!);
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
    const { page, context, log } = visit;
    await signUp(page);
    await forgetViews(page);
    await context.route("**/api/auth/**", failing);
    await degraded(visit);
    const ends = expiryOf(log.sent.findLast(({ type }) => type === "Authenticate")!);
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
    const visit = await time.open(browser, app.origin);
    const { page, context, log } = visit;
    await signUp(page);
    await addNote(page, "before");
    await forgetViews(page);
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
