/** What axe finds to complain of in a page as it is shown now. */
import { createRequire } from "node:module";
import type { AxeResults, default as Axe, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

type WithAxe = typeof globalThis & { axe?: typeof Axe };

const script = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** A line a violation, in dark and in light: which rule, and the elements that break it. */
export async function violationsOf(page: Page): Promise<string[]> {
  const isThere = await page.evaluate(() => (globalThis as WithAxe).axe !== undefined);
  if (!isThere) await page.addScriptTag({ path: script });
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // Colours are all that differs in the dark.
    const options: RunOptions = {
      resultTypes: ["violations"],
      ...(colorScheme === "dark" ? { runOnly: ["color-contrast"] } : {}),
    };
    const { violations } = await page.evaluate<AxeResults, RunOptions>(
      (given) => (globalThis as WithAxe).axe!.run(given),
      options,
    );
    for (const { id, nodes } of violations)
      for (const { target } of nodes) found.push(`${colorScheme}: ${id} at ${target.join(" ")}`);
  }
  await page.emulateMedia({ colorScheme: null });
  return found;
}
