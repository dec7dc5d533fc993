/** What the browser of these tests is started with: all that Playwright wants, and nothing that no test looks at. */
import type { Browser, BrowserServer } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchOptions } from "./support/chromium.js";

let server: BrowserServer;
let browser: Browser;

beforeAll(async () => {
  server = await chromium.launchServer(launchOptions());
  browser = await chromium.connect(server.wsEndpoint());
});
afterAll(() => server?.close());

it("turns everything off that Playwright does", () => {
  const lists = server
    .process()
    .spawnargs.filter((arg) => arg.startsWith("--disable-features="))
    .map((arg) => arg.replace("--disable-features=", "").split(","));
  expect(lists).toHaveLength(2);
  const [playwrights = [], ours = []] = lists;
  expect(playwrights.filter((feature) => !ours.includes(feature))).toEqual([]);
});

it("opens no page of its own beside that of a test", async () => {
  const context = await browser.newContext();
  await context.newPage();
  const devtools = await browser.newBrowserCDPSession();
  // The empty filter lets every kind of target through, also the browser's own.
  const { targetInfos } = await devtools.send("Target.getTargets", { filter: [{}] });
  const pages = targetInfos.filter(({ type }) => type !== "tab" && type !== "browser");
  // Where Chromium has another one, the name of its feature belongs to NOT_SEEN in `support/chromium.ts`.
  expect(pages.map(({ type, url }) => `${type} ${url}`)).toEqual(["page about:blank"]);
});
