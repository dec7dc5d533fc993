/** A deployment that is gone: pages are rendered, say so, and sign nobody out. */
import type { Page } from "playwright-core";
import { afterEach, expect, it } from "vitest";
import { signedIn } from "../support/steps.js";
import type { Tester } from "./support/tester.js";
import { identities, JWT_COOKIE, views } from "./support/tester.js";

const NOTICE = "No answer from the server, trying again";
const said = (page: Page): Promise<void> =>
  page.getByRole("status").getByText(NOTICE).waitFor({ timeout: 30_000 });

/** The scenarios. */
export function outages(tester: Tester): void {
  afterEach(() => tester.world().setDown(false));

  it("leaves an open page signed in, and a page that is loaded meanwhile neither in nor out", async () => {
    const { context, todo, ...person } = await tester.member();
    const visit = await tester.open(context);
    const { page } = visit;
    await page.getByText(todo).waitFor();
    await expect.poll(() => identities(visit)).toBe(1);
    tester.world().setDown(true);
    await said(page);
    expect(await page.getByText(todo).isVisible()).toBe(true);

    const answer = await page.reload();
    expect(answer?.status()).toBe(200);
    await said(page);
    expect(await views(page)).not.toContain("form");
    tester.world().setDown(false);
    await page.getByText(todo).waitFor({ timeout: 40_000 });
    await signedIn(page, person);
    expect(await views(page)).not.toContain("form");
    expect(visit.log.pageErrors).toEqual([]);
  });

  it("says so in the HTML of a page whose user is not known, and shows the page once that is over", async () => {
    const { context, todo, ...person } = await tester.member();
    await context.clearCookies({ name: JWT_COOKIE });
    tester.world().setDown(true);
    const { html, status } = await tester.view(context);
    expect(status).toBe(200);
    expect(html).toContain(NOTICE);
    expect(html).not.toContain("Password");
    const visit = await tester.open(context);
    await said(visit.page);
    tester.world().setDown(false);
    await visit.page.getByText(todo).waitFor({ timeout: 40_000 });
    await signedIn(visit.page, person);
    expect(await views(visit.page)).not.toContain("form");
    expect(visit.log.pageErrors).toEqual([]);
  });
}
