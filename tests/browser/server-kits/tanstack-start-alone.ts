/** What TanStack Start alone has: a router and a QueryClient in the browser, and code that is on both sides. */
import type { QueryClient } from "@tanstack/react-query";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openView, signedOut, signOut, signUp } from "../support/steps.js";
import type { Tester } from "./support/tester.js";
import { cookieOf, expectNoErrors, identities, JWT_COOKIE, views } from "./support/tester.js";

/** The scenarios. */
export function startAlone(tester: Tester): void {
  it("asks the app's server nothing on the way from page to page", async () => {
    const { context, todo, email } = await tester.member();
    const visit = await tester.open(context);
    const { page } = visit;
    await page.getByText(todo).waitFor();
    await page.waitForLoadState("networkidle");
    const asked = requestsOf(page, tester.world().origin);
    tester.forgetRequests();
    for (let turn = 0; turn < 3; turn += 1) {
      await openView(page, tester.kit.second.link);
      await page.getByText(email).waitFor();
      await openView(page, "To-dos");
      await page.getByText(todo).waitFor();
    }
    // Code that a page needs is a file.
    expect(asked.filter((path) => !path.startsWith("/assets/"))).toEqual([]);
    expect(tester.world().site.requests).toEqual([]);
    expect(identities(visit)).toBe(1);
    expectNoErrors(visit);
  });

  it("leaves nothing of a user in the QueryClient, without a reload", async () => {
    const { context, todo } = await tester.member();
    const visit = await tester.open(context);
    const { page } = visit;
    await page.getByText(todo).waitFor();
    await expect.poll(() => identities(visit)).toBe(1);
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    const { hostLog } = tester.world();
    hostLog.length = 0;
    expect(await queriesOf(page)).toContain(todo);
    await signOut(page);
    expect(await queriesOf(page)).toBe("[]");
    // No query that was left behind was run for nobody.
    expect(hostLog.filter((line) => line.includes("UNAUTHENTICATED"))).toEqual([]);

    await signUp(page, "Grace");
    await page.getByText("Nothing to do.").waitFor();
    expect(await queriesOf(page)).not.toContain(todo);
    expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
    expectNoErrors(visit);
  });

  it("shows nothing of a user on the way back to a page that was loaded before the sign-out", async () => {
    const { context, todo, email } = await tester.member();
    const visit = await tester.open(context);
    const { page } = visit;
    await page.getByText(todo).waitFor();
    await page.goto(tester.world().origin + tester.kit.second.path);
    await page.getByText(email).waitFor();
    await signOut(page);
    await page.goBack();
    await signedOut(page);
    expect(await page.content()).not.toContain(todo);
  });

  it("puts a renewed cookie on a redirect, too", async () => {
    const { context } = await tester.member();
    await context.clearCookies({ name: JWT_COOKIE });
    const answer = await context.request.get(`${tester.world().origin}/sign-in`, {
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(307);
    expect(answer.headers()["location"]).toBe("/");
    expect(await cookieOf(context, JWT_COOKIE)).not.toBe("");
  });

  it("sends no query before the page's token, however slowly its code arrives", async () => {
    const { context, todo } = await tester.member();
    // By then the socket is open, and the queries of the HTML are subscribed to.
    await context.route(/\/assets\/(_app|panel|page-heading)-.*\.js$/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await route.continue();
    });
    tester.world().hostLog.length = 0;
    const visit = await tester.open(context);
    await visit.page.getByText(todo).waitFor();
    await expect.poll(() => visit.log.received.length, { timeout: 20_000 }).toBeGreaterThan(1);
    const order = visit.log.sent.map(({ type }) => type);
    expect(order.indexOf("Authenticate")).toBeLessThan(order.indexOf("ModifyQuerySet"));
    expect(identities(visit)).toBe(1);
    expect(await views(visit.page)).toEqual(["list"]);
    expect(tester.world().hostLog.filter((line) => line.includes("UNAUTHENTICATED"))).toEqual([]);
    expectNoErrors(visit);
  });

  it("gives browsers nothing of the server's code", async () => {
    const { page } = await tester.browser.open();
    const scripts: Promise<string>[] = [];
    page.on("response", (response) => {
      if (response.url().endsWith(".js")) scripts.push(response.text());
    });
    await page.goto(tester.home);
    await signedOut(page);
    await page.waitForLoadState("networkidle");
    const code = (await Promise.all(scripts)).join("\n");
    expect(code.length).toBeGreaterThan(100_000);
    const ofTheServer = [
      "x-gate-client-ip",
      "AUTH_UNAVAILABLE",
      "AsyncLocalStorage",
      "PROXY_SECRET",
    ];
    expect(ofTheServer.filter((text) => code.includes(text))).toEqual([]);
  });
}

/** Paths that a page asks an origin for from now on. */
function requestsOf(page: Page, origin: string): string[] {
  const paths: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin === origin) paths.push(url.pathname);
  });
  return paths;
}

/** What the app's QueryClient holds, as text. */
function queriesOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { __TSR_ROUTER__: router } = window as unknown as {
      __TSR_ROUTER__: { options: { context: { queryClient: QueryClient } } };
    };
    const queries = router.options.context.queryClient.getQueryCache().getAll();
    return JSON.stringify(queries.map(({ state }) => state.data));
  });
}
