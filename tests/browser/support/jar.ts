/** The cookies that a page keeps itself, where the site is on another origin. */
import type { Page } from "playwright-core";

/** The key under which those for a site are kept: no other site's jar is under it. */
export function jarKey(siteUrl: string): string {
  return `better-auth_cookies.${siteUrl.replace("://", "_").replace(":", "_")}`;
}

/** The jar for a site as a `Cookie` header's value. */
export async function keptCookies(page: Page, siteUrl: string): Promise<string> {
  const item = await page.evaluate((key) => localStorage.getItem(key), jarKey(siteUrl));
  const kept = JSON.parse(item ?? "{}") as Record<string, { value: string }>;
  return Object.entries(kept)
    .map(([name, { value }]) => `${name}=${value}`)
    .join("; ");
}

/** The keys of the jars that are stored for good and hold a session. The token beside one names its cookie as well. */
export function keysWithSession(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    Object.keys(localStorage).filter((key) =>
      localStorage.getItem(key)?.includes('session_token":'),
    ),
  );
}
