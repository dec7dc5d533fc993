/** A page of the example app as people may have it: on a telephone and on a desk, in light and in dark. */
import { mkdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { violationsOf } from "./axe.js";

/** The pages whose images `docs/screenshots` has: `SCREENSHOTS=docs` writes them, `SCREENSHOTS=all` writes every page's. */
const shown = ["sign-in", "todos", "team", "two-factor", "sessions", "forgot-password"];
const folders: Record<string, string> = { docs: "docs/screenshots", all: "tests/output/looks" };
const wanted = process.env["SCREENSHOTS"] ?? "";
const folder = folders[wanted];
/** Wide enough for a thumb (WCAG 2.2, 2.5.5). */
const TOUCH_PX = 44;

/**
 * Fails where axe complains of the page as it is now, where a telephone would have to scroll sideways, and where
 * something to press is too small for a thumb.
 */
export async function look(page: Page, name: string): Promise<void> {
  const size = page.viewportSize()!;
  for (const width of [1100, 360]) {
    await page.setViewportSize({ width, height: 720 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate(widest), `${name} at ${String(width)}`).toBe(width);
      if (folder === undefined || (wanted === "docs" && !shown.includes(name))) continue;
      await mkdir(folder, { recursive: true });
      const path = `${folder}/${name}-${String(width)}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true, animations: "disabled" });
    }
  }
  expect(await violationsOf(page), name).toEqual([]);
  expect(await page.evaluate(tooSmall, TOUCH_PX), name).toEqual([]);
  await page.setViewportSize(size);
}

/** Runs in the page: how wide it has to be to show everything, parts of it that scroll by themselves too. */
function widest(): number {
  const wide = [...document.querySelectorAll("*:not(input)")].filter(
    ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth && clientWidth > 1,
  );
  const hidden = wide.filter((element) => getComputedStyle(element).overflowX !== "visible");
  const cut = hidden.filter((element) => getComputedStyle(element).textOverflow !== "ellipsis");
  return cut.length > 0 ? Infinity : document.documentElement.scrollWidth;
}

/** Runs in the page: what can be pressed and is lower than `least`. A box to tick is pressed on its label. */
function tooSmall(least: number): string[] {
  const pressable = document.querySelectorAll<HTMLElement>("a, button, input, select, summary");
  return [...pressable]
    .map((element) => (element.matches("[type=checkbox]") ? element.closest("label")! : element))
    .filter(
      (element) => element.checkVisibility() && element.getBoundingClientRect().height < least,
    )
    .map(({ outerHTML }) => outerHTML);
}
