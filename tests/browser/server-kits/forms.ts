/** Forms that are sent before their page has come to life, or without scripts. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { PASSWORD } from "../support/steps.js";
import type { Tester } from "./support/tester.js";

/** The scenarios. */
export function forms(tester: Tester): void {
  it("puts no password into an address", async () => {
    const page = await filledIn();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(decodeURIComponent(request.url())));
    const sent = page.waitForRequest((request) => request.isNavigationRequest());
    // As Enter does, where the button does not wait for the page.
    await page.getByRole("form").evaluate((form: HTMLFormElement) => form.submit());
    expect((await sent).method()).toBe("POST");
    await page.waitForLoadState();
    expect(asked.filter((url) => /ada@example|correct.horse/.test(url))).toEqual([]);
  });

  it("is there still: it is answered with its page, or waits for it", async () => {
    const page = await filledIn();
    const button = page.getByRole("button", { name: "Sign in", exact: true });
    if (await button.isEnabled()) {
      const answered = page.waitForResponse((each) => each.request().isNavigationRequest());
      await button.click();
      expect((await answered).status()).toBe(200);
      await page.waitForLoadState();
    }
    expect(await button.isVisible()).toBe(true);
  });

  async function filledIn(): Promise<Page> {
    const bare = await tester.browser.newContext({ javaScriptEnabled: false });
    const { page } = await tester.browser.open(tester.home, bare);
    await page.getByLabel("E-mail").fill("ada@example.com");
    await page.getByLabel("Password").fill(PASSWORD);
    return page;
  }
}
