/** The fixture app: its modes, what people do in it, and everything that it ever showed. */
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import type { Plugin } from "vite";
import { stageApp } from "../../e2e/stage-app.js";
import type { App, AppOptions } from "./app.js";
import { documentedEnv, useApp } from "./app.js";
import type { BrowserTests, Visit } from "./browser.js";

const source = fileURLToPath(new URL("../fixture", import.meta.url));
let people = 0;

/** The app on another origin than the site. `name` is that of the folder it runs in. */
export function useFixture(
  browser: BrowserTests,
  name: string,
  options: Omit<AppOptions, "folder"> = {},
): App {
  return useApp(browser, { folder: () => stageApp(source, name), ...options });
}

/**
 * The app with the site's `/api/auth` behind its own origin, so that cookies are the browser's. A plugin of Vite's dev
 * server may render pages.
 */
export function useSameOriginFixture(
  browser: BrowserTests,
  name: string,
  renderer?: (siteUrl: string) => Plugin,
): App {
  return useFixture(browser, name, {
    devServer: renderer !== undefined,
    hostEnv: (origin) => ({ SAME_ORIGIN: "1", BETTER_AUTH_URL: origin }),
    env: ({ url }) => ({ VITE_CONVEX_URL: url }),
    vite: ({ siteUrl }) => ({
      plugins: renderer ? [renderer(siteUrl)] : [],
      server: { proxy: { "/api/auth": { target: siteUrl } } },
    }),
  });
}

/**
 * Options of an app whose tokens live for 30 s, and are renewed 14 s before they end: on a busy machine seconds go by
 * before Convex has a token, and begins to count.
 */
export const shortTokens: Omit<AppOptions, "folder"> = {
  hostEnv: () => ({ TOKEN_LIFE_S: "30" }),
  env: (host) => ({ ...documentedEnv(host), VITE_LEEWAY_S: "14" }),
};

/** Opens the app in a tab that records what it shows, see {@link views}. */
export async function openFixture(
  browser: BrowserTests,
  url: string,
  within?: BrowserContext,
): Promise<Visit> {
  const context = within ?? (await browser.newContext());
  const visit = await browser.open(undefined, context);
  await visit.page.addInitScript(recordViews);
  await visit.page.goto(url);
  return visit;
}

/** Each different view of this page since it was loaded, as the `data-view`s in the document after a change. */
export function views(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { views: string[] }).views);
}

/** Forgets all views but the last. */
export async function forgetViews(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { views: string[] }).views.splice(0, Infinity));
  await page.evaluate(() => (window as unknown as { look: () => void }).look());
}

/** Runs in the page before its own scripts. React commits in one go, so nothing is painted that is not seen here. */
function recordViews(): void {
  const seen: string[] = [];
  const look = (): void => {
    const shown = [...document.querySelectorAll<HTMLElement>("[data-view]")];
    const now = shown.map((element) => element.dataset["view"]).join(" ");
    if (seen.at(-1) !== now) seen.push(now);
  };
  Object.assign(window, { views: seen, look });
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ["data-view"],
  });
}

/** Signs somebody new up through the form. Gives the address. */
export async function signUp(page: Page): Promise<string> {
  people += 1;
  const email = `ada${String(people)}@example.com`;
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Sign up" }).click();
  await signedIn(page);
  return email;
}

/** Signs in through the form. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Sign in" }).click();
  await signedIn(page);
}

/** Signs out with the button. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await signedOut(page);
}

/** Adds a note and waits until the live query shows it. */
export async function addNote(page: Page, text: string): Promise<void> {
  await page.getByLabel("Text").fill(text);
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByText(text, { exact: true }).waitFor();
}

/** Waits until what is protected, and its data, are shown. */
export async function signedIn(page: Page): Promise<void> {
  await page.locator("[data-view=list]").waitFor({ state: "attached" });
}

/** Waits until the form is shown. */
export async function signedOut(page: Page): Promise<void> {
  await page.locator("[data-view=form]").waitFor();
}

/** What the functions of the app threw, such as queries without a user. */
export function uncaught(app: App): string[] {
  return app.hostLog.filter((line) => line.includes("Uncaught"));
}
