/** What the example app shows of its auth. */
import type { Page } from "playwright-core";

/** Records every state that the status line shows from now on. */
export async function recordStates(page: Page): Promise<() => Promise<(string | undefined)[]>> {
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
