/** How a session begins, changes and ends on a page, in requests and in messages to Convex. */
import type { Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Visit } from "./support/browser.js";
import { useBrowser } from "./support/browser.js";
import type { PageLog } from "./support/page-log.js";
import { expiryOf } from "./support/page-log.js";
import {
  addNote,
  forgetViews,
  openFixture,
  signedIn,
  signedOut,
  signOut,
  signUp,
  uncaught,
  useFixture,
  views,
} from "./support/fixture.js";
import { useTime } from "./support/time.js";

const browser = useBrowser();
const time = useTime();
const app = useFixture(browser, "browser-session-life");

const authentications = ({ sent }: PageLog): number =>
  sent.filter(({ type }) => type === "Authenticate").length;

function forget(log: PageLog): void {
  for (const list of Object.values(log)) list.length = 0;
}

describe("a page load", () => {
  it("takes one request when nobody is signed in, and opens no socket for it", async () => {
    const { page, log } = await openFixture(browser, app.origin);
    await signedOut(page);
    await page.waitForTimeout(500);
    expect(log.authRequests).toEqual(["/get-session"]);
    expect(log.sent).toEqual([]);
  });

  it("takes one when somebody is, before and after which Convex has one identity", async () => {
    const { page, context, log } = await openFixture(browser, app.origin);
    await signUp(page);
    await addNote(page, "before");
    forget(log);
    // The token of the visit before is enough to show the page: the session is answered last.
    const held: Route[] = [];
    await context.route("**/api/auth/get-session*", (route) => void held.push(route));
    await page.reload();
    await page.getByText("before").waitFor();
    expect(held.map((route) => new URL(route.request().url()).search)).toEqual([
      "?convexToken=true",
    ]);
    for (const route of held) await route.continue();
    await context.unroute("**/api/auth/get-session*");
    await addNote(page, "after");
    expect(log.authRequests).toEqual(["/get-session"]);
    expect(authentications(log)).toBe(1);

    // Without it the answer brings one.
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage))
        if (key.endsWith(".token")) localStorage.removeItem(key);
    });
    forget(log);
    await page.reload();
    await addNote(page, "without");
    expect(log.authRequests).toEqual(["/get-session"]);
    expect(authentications(log)).toBe(1);
    expect(await views(page)).not.toContain("form");
    expect(uncaught(app)).toEqual([]);
  });

  it("shows the token of a session that ended elsewhere to nobody, and drops it", async () => {
    const { page, context, log } = await openFixture(browser, app.origin);
    await signUp(page);
    await addNote(page, "mine");
    const storage = await page.evaluate(() => ({ ...localStorage }));
    await signOut(page);
    await page.evaluate((items) => Object.assign(localStorage, items), storage);
    forget(log);
    await page.reload();
    await signedOut(page);
    expect(log.authRequests[0]).toBe("/get-session");
    expect(await page.getByText("mine").count()).toBe(0);
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    expect(kept).not.toContain("eyJ");
    await context.close();
  });
});

describe("a session that ends", () => {
  beforeAll(() => app.host.setEnv({ SESSION_LIFE_S: "30" }));
  afterAll(() => app.host.setEnv({ SESSION_LIFE_S: undefined }));

  it("leaves an untouched page signed out, with one request and the identity taken back", async () => {
    const { page, context, log } = await time.open(browser, app.origin);
    await signUp(page);
    await addNote(page, "before");
    await forgetViews(page);
    forget(log);
    await time.pass(context, 32);
    await signedOut(page);
    const figures = {
      requests: log.authRequests.length,
      authentications: authentications(log),
      sent: log.sent.map(({ type }) => type),
    };
    console.log(`note: at a session's end: ${JSON.stringify(figures)}`);
    // The server gives no token a leeway before the end.
    expect(log.authRequests).toEqual(["/convex/token"]);
    // The last one takes the identity back.
    expect(figures.authentications).toBeLessThanOrEqual(1);
    expect(await views(page)).toEqual(["notes list", "form"]);
    expect(log.pageErrors).toEqual([]);
    // Chromium itself notes the 401 that ended the session.
    expect(log.consoleErrors.filter((text) => !text.includes("401"))).toEqual([]);
    await time.pass(context, 3);
    expect(log.authRequests).toHaveLength(1);
  });
});

describe("a guest who becomes a user", () => {
  it("never sees the page go", { timeout: 120_000 }, async () => {
    for (let i = 0; i < 6; i += 1) {
      const { page, log } = await openFixture(browser, app.origin);
      await page.locator("[data-view=form]").waitFor();
      await page.evaluate(() => window.fixture.authClient.signIn.anonymous());
      await signedIn(page);
      await addNote(page, "of a guest");
      await forgetViews(page);
      await page.evaluate(
        (email) =>
          window.fixture.authClient.signUp.email({
            name: "Ada",
            email,
            password: "correct horse battery",
          }),
        `guest${String(i)}@example.com`,
      );
      await page.getByText("of a guest").waitFor({ state: "detached" });
      await addNote(page, "of a user");
      expect(await views(page)).toEqual(["notes list"]);
      expect([log.pageErrors, log.consoleErrors]).toEqual([[], []]);
      await page.close();
    }
  });
});

describe("Convex's socket", () => {
  it("that is down is told, and nobody is signed out by it", async () => {
    const { page, context } = await openFixture(browser, app.origin);
    await signUp(page);
    await addNote(page, "before");
    await context.setOffline(true);
    app.host.dropConnections();
    await page.locator("[data-reason=offline]").waitFor();
    expect(await page.getByText("before").count()).toBe(1);
    expect(await page.locator("[data-session=signedIn]").count()).toBe(1);
    await context.setOffline(false);
    await page.locator("[data-reason=offline]").waitFor({ state: "detached" });
    await addNote(page, "after");
  });
});

describe("a wrong SITE_URL", () => {
  beforeAll(() => app.host.setEnv({ SITE_URL: "https://elsewhere.example.com" }));
  afterAll(() => app.host.setEnv({ SITE_URL: app.origin }));

  it("ends in a message on the page and one on the console", async () => {
    const { page, log } = await openFixture(browser, app.origin);
    await page.locator("[data-view~=unavailable]").waitFor({ timeout: 30_000 });
    await page.locator("[data-reason=unreachable]").waitFor();
    const ours = (): string[] =>
      log.consoleErrors.filter((text) => text.startsWith("[convex-gate]"));
    // The console is told some seconds later, once it is known that no other trouble is the cause.
    await expect.poll(ours, { timeout: 30_000 }).not.toEqual([]);
    expect(ours()).toEqual([expect.stringContaining(`npx convex env set SITE_URL ${app.origin}`)]);
  });
});

describe("a page that was asleep for longer than its token lives", () => {
  const TWO_HOURS_MS = 2 * 3_600_000;

  /** A signed-in page that is put to sleep; what it does from then on is recorded. */
  async function asleep(): Promise<Visit> {
    const visit = await time.open(browser, app.origin);
    await signUp(visit.page);
    await addNote(visit.page, "before");
    await forgetViews(visit.page);
    for (const list of Object.values(visit.log)) list.length = 0;
    time.advanceHost(TWO_HOURS_MS);
    return visit;
  }

  it.each([
    ["went on", () => undefined],
    ["hung up", () => app.host.dropConnections()],
  ])(
    "wakes after two hours with a new token and nothing to see, when the server %s",
    async (_, act) => {
      const { page, context, log } = await asleep();
      act();
      await context.clock.fastForward(TWO_HOURS_MS);
      await addNote(page, "after");
      // Convex's client repeats its last token when it connects anew before the next is there: it asks nobody about that.
      // The server refuses an old one and runs nothing for it; what follows is new, and the mutation comes after it.
      const expiries = log.sent.filter(({ type }) => type === "Authenticate").map(expiryOf);
      expect(expiries.findIndex((expiry) => expiry > Date.now())).toBeOneOf([0, 1]);
      expect(log.sent.at(-1)?.type).toBe("Mutation");
      // It asks once when the time for that is over, and once more if it was refused before it had the answer.
      expect(log.authRequests).toBeOneOf([["/convex/token"], ["/convex/token", "/convex/token"]]);
      expect(await views(page)).toEqual(["notes list"]);
      expect(await page.evaluate(() => window.fixture.calls.setAuth)).toBe(1);
      expect(uncaught(app)).toEqual([]);
    },
  );
});
