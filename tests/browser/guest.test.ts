/** People without an account, who keep what they made when they get one. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { exampleFolder, useApp } from "./support/app.js";
import { useBrowser } from "./support/browser.js";
import { addTodo, sendSignUp, signedIn, signIn, signOut } from "./support/steps.js";

const browser = useBrowser();
const app = useApp(browser, { folder: exampleFolder });

describe("a guest", () => {
  it("keeps the to-dos with an account, and is never signed out on the way", async () => {
    const { page, log } = await browser.open(app.origin);
    await page.getByRole("button", { name: "Continue as guest" }).click();
    await signedIn(page, { name: "Guest" });
    await addTodo(page, "buy milk");
    await page.getByRole("button", { name: "Keep my to-dos" }).click();
    const states = await recordStates(page);
    const person = await sendSignUp(page);
    await signedIn(page, person);
    await page.getByText("buy milk").waitFor();
    expect(await page.getByText("You are here as a guest").count()).toBe(0);
    expect(await states()).not.toContain("signedOut");

    await signOut(page);
    await signIn(page, person);
    await page.getByText("buy milk").waitFor();
    expect(log.pageErrors).toEqual([]);
  });
});

/** Records every state that the status line shows from now on. */
async function recordStates(page: Page): Promise<() => Promise<(string | undefined)[]>> {
  const states = await page.evaluateHandle(() => {
    const line = document.querySelector<HTMLElement>("[data-state]")!;
    const seen = [line.dataset["state"]];
    new MutationObserver(() => seen.push(line.dataset["state"])).observe(line, {
      attributes: true,
    });
    return seen;
  });
  return () => states.jsonValue();
}
