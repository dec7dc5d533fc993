/** Flows that leave the page and come back by a link: providers and e-mails. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./support/browser.js";
import { openFixture, signedIn, signedOut, uncaught, useFixture } from "./support/fixture.js";

/** What the site asks of GitHub. */
const github: typeof fetch = async (input) => {
  const { hostname, pathname } = new URL(input instanceof Request ? input.url : String(input));
  if (pathname === "/login/oauth/access_token")
    return Response.json({ access_token: "token", token_type: "bearer", scope: "user:email" });
  if (pathname === "/user/emails")
    return Response.json([{ email: "octo@example.com", primary: true, verified: true }]);
  if (pathname === "/user")
    return Response.json({ id: 1, login: "octo", name: "Octo", email: "octo@example.com" });
  throw new Error(`nothing is asked of ${hostname}`);
};

const browser = useBrowser();
const app = useFixture(browser, "browser-links", { fetch: github });
let people = 0;

/** Asks for a magic link in a page and gives the one that was mailed. */
async function mailedLink(page: Page): Promise<string> {
  people += 1;
  const email = `link${String(people)}@example.com`;
  const { error } = await page.evaluate(
    (email) => window.fixture.authClient.signIn.magicLink({ email, callbackURL: "/" }),
    email,
  );
  expect(error).toBeNull();
  const mail = app.hostLog.find((line) => line.includes(`mail ${email} `));
  return mail!.split(" ").at(-1)!;
}

/** The one-time token is neither in the address nor in the tab's history. */
async function expectCleanAddress(page: Page): Promise<void> {
  expect(page.url()).toBe(`${app.origin}/`);
  const devtools = await page.context().newCDPSession(page);
  const { entries } = await devtools.send("Page.getNavigationHistory");
  expect(entries.map(({ url }) => url).filter((url) => /[?&]ott=/.test(url))).toEqual([]);
}

describe("a provider", () => {
  it("brings the tab back that it was started in, signed in", async () => {
    const { page, context, log } = await openFixture(browser, app.origin);
    await context.route("https://github.com/login/oauth/authorize**", (route) => {
      const asked = new URL(route.request().url()).searchParams;
      const back = new URL(asked.get("redirect_uri")!);
      back.searchParams.set("code", "code");
      back.searchParams.set("state", asked.get("state")!);
      return route.fulfill({ status: 302, headers: { location: back.toString() } });
    });
    await page.evaluate(
      () => void window.fixture.authClient.signIn.social({ provider: "github", callbackURL: "/" }),
    );
    await signedIn(page);
    await expectCleanAddress(page);
    await page.reload();
    await signedIn(page);
    expect(log.pageErrors).toEqual([]);
    expect(uncaught(app)).toEqual([]);
  });
});

describe("a magic link", () => {
  it("signs in the tab that asked for it, once", async () => {
    const { page, context } = await openFixture(browser, app.origin);
    const link = await mailedLink(page);
    await page.goto(link);
    await signedIn(page);
    await expectCleanAddress(page);
    await context.clearCookies();
    await page.evaluate(() => localStorage.clear());
    await page.goto(link);
    await signedOut(page);
    expect(await page.getByRole("alert").textContent()).toMatch(/INVALID_TOKEN|ATTEMPTS_EXCEEDED/);
  });

  it.each(["a new tab of the same browser", "another browser"])(
    "that is opened in %s signs nobody in, and says why",
    async (where) => {
      const asked = await openFixture(browser, app.origin);
      const link = await mailedLink(asked.page);
      const within = where === "another browser" ? await browser.newContext() : asked.context;
      const { page, log } = await openFixture(browser, link, within);
      await signedOut(page);
      expect(await page.getByRole("alert").textContent()).toBe("LINK_OPENED_ELSEWHERE");
      expect(page.url()).toBe(`${app.origin}/?error=LINK_OPENED_ELSEWHERE`);
      expect(log.authRequests).not.toContain("/cross-domain/one-time-token/verify");
      // Nor later, nor in the tab that asked.
      await page.reload();
      await signedOut(page);
      await asked.page.reload();
      await signedOut(asked.page);
      expect(await page.evaluate(() => localStorage.getItem("better-auth_cookies"))).toBeNull();
    },
  );

  it("of somebody else signs nobody in, not even in a tab with a flow of its own", async () => {
    const stranger = await openFixture(browser, app.origin);
    const link = await mailedLink(stranger.page);
    const { page, log } = await openFixture(browser, app.origin);
    await mailedLink(page);
    await page.goto(link);
    await signedOut(page);
    expect(await page.getByRole("alert").textContent()).toBe("INVALID_ONE_TIME_TOKEN");
    expect(log.authRequests).toContain("/cross-domain/one-time-token/verify");
    await page.reload();
    await signedOut(page);
  });
});
