/** Where the site may be: on another origin, with cookies of third parties blocked, or behind the app's own. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./support/browser.js";
import {
  addNote,
  openFixture,
  signedIn,
  signedOut,
  signIn,
  signOut,
  signUp,
  uncaught,
  useFixture,
  useSameOriginFixture,
} from "./support/fixture.js";
import { keysWithSession } from "./support/jar.js";

const browser = useBrowser(["--test-third-party-cookie-phaseout"]);

/** What everybody does on a first day. */
async function firstDay(page: Page): Promise<void> {
  const email = await signUp(page);
  await addNote(page, "first");
  await page.reload();
  await page.getByText("first", { exact: true }).waitFor();
  await signOut(page);
  await page.reload();
  await signedOut(page);
  await signIn(page, email);
  await page.getByText("first", { exact: true }).waitFor();
}

describe("an app on another origin than the site", () => {
  const app = useFixture(browser, "browser-cross-origin");

  it("is used in a browser that sends no cookies of third parties", async () => {
    const { page } = await browser.open(`${app.host.siteUrl}/probe`);
    const ask = (): Promise<string> =>
      page.evaluate(
        (url) => fetch(url, { credentials: "include" }).then((answer) => answer.text()),
        `${app.host.siteUrl}/probe`,
      );
    expect(await ask()).toBe('"probe=1"');
    await page.goto(app.origin);
    expect(await ask()).toBe('""');
  });

  it("signs up, outlives a reload, signs out and in again", async () => {
    const { page, context, log } = await openFixture(browser, app.origin);
    await firstDay(page);
    expect(await context.cookies(app.host.siteUrl)).toEqual([]);
    expect(log.pageErrors).toEqual([]);
    expect(uncaught(app)).toEqual([]);
  });
});

describe("an app with the site behind its own origin", () => {
  const app = useSameOriginFixture(browser, "browser-same-origin");

  it("signs up, outlives a reload, signs out and in again, with the browser's own cookies", async () => {
    const { page, context, log } = await openFixture(browser, app.origin);
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await firstDay(page);
    const cookies = await context.cookies();
    const session = cookies.find(({ name }) => name === "better-auth.session_token");
    expect(session).toMatchObject({ domain: "localhost", httpOnly: true, sameSite: "Lax" });
    expect(await keysWithSession(page)).toEqual([]);
    expect([...hosts]).not.toContain(app.host.siteUrl);
    expect(log.pageErrors).toEqual([]);
    expect(uncaught(app)).toEqual([]);
  });

  it("signs nobody in whose cookie was taken away", async () => {
    const { page, context } = await openFixture(browser, app.origin);
    await signUp(page);
    await context.clearCookies();
    await page.reload();
    await signedOut(page);
    expect(await page.locator("[data-view=notes]").count()).toBe(0);
    await signUp(page);
    await signedIn(page);
  });
});
