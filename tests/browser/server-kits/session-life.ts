/** Sessions that begin, go on and end while a page is open. */
import { afterEach, expect, it, vi } from "vitest";
import {
  addTodo,
  PASSWORD,
  signedIn,
  signedOut,
  signIn,
  signOut,
  signUp,
} from "../support/steps.js";
import type { Tester } from "./support/tester.js";
import { expectNoErrors, forgetViews, identities, views } from "./support/tester.js";

const TWO_HOURS_MS = 2 * 3_600_000;

/** The scenarios. */
export function sessionLife(tester: Tester): void {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("begins with a sign-up, outlives a reload, ends with a sign-out and begins anew", async () => {
    const visit = await tester.open(await tester.browser.newContext());
    const { page } = visit;
    await signedOut(page);
    const person = await signUp(page);
    await addTodo(page, "first");
    await page.reload();
    await page.getByText("first").waitFor();
    await signedIn(page, person);

    await signOut(page);
    await page.reload();
    await signedOut(page);
    expect(await page.getByText("first").count()).toBe(0);
    await signIn(page, person);
    await page.getByText("first").waitFor();
    expectNoErrors(visit);
  });

  it("shows the next user nothing of the one before, also on the way back", async () => {
    const { context, todo } = await tester.member();
    const visit = await tester.open(context);
    const { page } = visit;
    await page.getByText(todo).waitFor();
    const { second, signedOutPath } = tester.kit;
    const arrived = (path: string): Promise<void> =>
      page.waitForURL(({ pathname }) => pathname === path);
    await page.getByRole("link", { name: second.link }).click();
    await arrived(second.path);
    await signOut(page);
    if (signedOutPath) await arrived(signedOutPath);
    await forgetViews(page);
    const watched = page.evaluate(
      (text) =>
        new Promise<boolean>((resolve) => {
          // What is shown, and not what scripts of the page hold.
          const seen = (): boolean =>
            document.querySelector("main")?.textContent.includes(text) ?? false;
          new MutationObserver(() => seen() && resolve(true)).observe(document, {
            subtree: true,
            childList: true,
            characterData: true,
          });
          Object.assign(window, { stopWatching: () => resolve(seen()) });
        }),
      todo,
    );
    // Asked for below; a page that fails before that takes it along.
    watched.catch(() => undefined);
    await signUp(page, "Grace");
    await page.goBack();
    await page.getByText("Nothing to do.").waitFor();
    await page.evaluate(() => (window as unknown as { stopWatching(): void }).stopWatching());
    expect(await watched).toBe(false);
    expectNoErrors(visit);
  });

  it("goes on when the token ends while the page is open", async () => {
    const { context, todo } = await tester.member();
    await context.clock.install();
    const visit = await tester.open(context);
    const { page } = visit;
    await page.getByText(todo).waitFor();
    await expect.poll(() => identities(visit)).toBe(1);
    await forgetViews(page);
    // The host's functions ask this very clock.
    const now = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => now() + TWO_HOURS_MS);
    await context.clock.fastForward(TWO_HOURS_MS);
    await addTodo(page, "after");
    expect(await views(page)).toEqual(["list"]);
    expectNoErrors(visit);
  });

  it("ends at once where it is revoked elsewhere, and the next page holds nothing", async () => {
    const { context, email, todo } = await tester.member();
    const visit = await tester.open(context);
    await visit.page.getByText(todo).waitFor();
    await expect.poll(() => identities(visit)).toBe(1);
    await expect.poll(() => visit.log.received.length).toBeGreaterThan(1);

    // As they are: the token of a session that is over lives on for a while.
    const cookies = await context.cookies();
    const phone = await tester.browser.newContext();
    await tester.post(phone, "/sign-in/email", { email, password: PASSWORD });
    await tester.post(phone, "/revoke-other-sessions", {});
    await signedOut(visit.page);
    expect(await visit.page.getByText(todo).count()).toBe(0);
    await context.addCookies(cookies);
    const { html, status } = await tester.view(context);
    expect(status).toBe(200);
    expect(html).not.toContain(todo);
    await visit.page.reload();
    await signedOut(visit.page);
    expect(visit.log.pageErrors).toEqual([]);
  });
}
