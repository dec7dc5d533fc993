/** The app of these tests, its tabs, and what is true of each flow. */
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import type { App } from "../../support/app.js";
import type { BrowserTests, Visit } from "../../support/browser.js";
import { useBrowser } from "../../support/browser.js";
import { openFixture, signedIn, useFixture } from "../../support/fixture.js";
import { github, standInForGithub } from "./github.js";

/** One deployment with two frontends. */
export interface TwoOrigins {
  readonly browser: BrowserTests;
  readonly app: App;
  /** The origin of the second frontend: other pages, as far as a browser can tell. */
  readonly second: string;
}

/** A tab in front of GitHub's stand-in. */
export interface Tab extends Visit {
  /** The addresses of all documents that the tab was given, other than redirects. */
  readonly documents: string[];
}

let people = 0;

/** Starts the app and a browser for the tests of a file. */
export function useTwoOrigins(name: string): TwoOrigins {
  const browser = useBrowser(["--test-third-party-cookie-phaseout"]);
  const app = useFixture(browser, name, {
    fetch: github,
    hostEnv: (origin) => ({ SITE_URL: `${origin} ${secondOf(origin)}` }),
  });
  return {
    browser,
    app,
    get second() {
      return secondOf(app.origin);
    },
  };
}

/** The same server by another name. */
function secondOf(origin: string): string {
  return origin.replace("//", "//second.");
}

/** Opens a tab, in a browser of its own unless one is given. */
export async function openTab(
  { browser, app }: TwoOrigins,
  url = app.origin,
  within?: BrowserContext,
): Promise<Tab> {
  const context = within ?? (await browser.newContext());
  if (!within) await standInForGithub(context);
  const documents: string[] = [];
  context.once("page", (page) => recordDocuments(page, documents));
  const visit = await openFixture(browser, url, context);
  return { ...visit, documents };
}

function recordDocuments(page: Page, documents: string[]): void {
  page.on("response", (response) => {
    const request = response.request();
    const isRedirect = response.headers()["location"] !== undefined;
    if (!request.isNavigationRequest() || isRedirect) return;
    if (request.frame() === page.mainFrame()) documents.push(response.url());
  });
}

/** Somebody who is not known yet. */
export function newPerson(): string {
  people += 1;
  return `person${String(people)}@example.com`;
}

/** Starts a sign-in with GitHub in a page, and waits for the consent page. */
export async function toGithub(
  page: Page,
  options: { callbackURL?: string; errorCallbackURL?: string } = { callbackURL: "/inside" },
): Promise<void> {
  await page.evaluate(
    (options) => void window.fixture.authClient.signIn.social({ provider: "github", ...options }),
    options,
  );
  await page.getByRole("button", { name: "Allow", exact: true }).waitFor();
}

/** Asks for a magic link in a page and gives the one that was mailed. */
export async function mailedLink({ app }: TwoOrigins, page: Page, email: string): Promise<string> {
  const { error } = await page.evaluate(
    (email) => window.fixture.authClient.signIn.magicLink({ email, callbackURL: "/inside" }),
    email,
  );
  expect(error).toBeNull();
  const mail = app.hostLog.findLast((line) => line.includes(`mail ${email} `));
  return mail!.split(" ").at(-1)!;
}

/** Waits until the page shows what is protected, and checks whose it is. */
export async function expectSignedIn(page: Page, email: string): Promise<void> {
  await signedIn(page);
  const { data } = await page.evaluate(() => window.fixture.authClient.getSession());
  expect(data?.user.email).toBe(email);
}

/** By what whoever is signed in can sign in. */
export async function providersOf(page: Page): Promise<string[]> {
  const { data } = await page.evaluate(() => window.fixture.authClient.listAccounts());
  return data!.map(({ providerId }) => providerId).sort();
}

/** A flow ended at this page of the app, and left nothing of itself in the browser. */
export async function expectHome({ app }: TwoOrigins, page: Page, address: string): Promise<void> {
  expect(page.url()).toBe(address);
  const devtools = await page.context().newCDPSession(page);
  const { entries } = await devtools.send("Page.getNavigationHistory");
  const history = entries.map(({ url }) => url);
  expect(history.filter((url) => url.includes("auth_ticket"))).toEqual([]);
  expect(history.filter((url) => url.startsWith(app.host.siteUrl))).toEqual([]);
  expect(await page.context().cookies(app.host.siteUrl)).toEqual([]);
}

/** No document was the deployment's: neither a page of Better Auth's nor JSON. */
export function expectNoneOfTheHost({ app }: TwoOrigins, { documents }: Tab): void {
  expect(documents.filter((url) => url.startsWith(app.host.siteUrl))).toEqual([]);
}
