/** Sign-in with a provider in a popup, by Better Auth's own `oauthPopup`. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { signedOut } from "../support/fixture.js";
import { allow, cancel } from "./support/github.js";
import type { TwoOrigins } from "./support/world.js";
import { expectSignedIn, newPerson, openTab } from "./support/world.js";

/** Starts a sign-in, and gives its popup and what comes of it. */
async function openPopup(page: Page) {
  const opened = page.waitForEvent("popup");
  const outcome = page.evaluate(() =>
    window.fixture.authClient.signIn.popup({ provider: "github" }),
  );
  return { popup: await opened, outcome };
}

export function popups(world: TwoOrigins): void {
  it.each(["first", "second"])(
    "signs its opener in and closes, at the %s frontend",
    async (which) => {
      const tab = await openTab(world, which === "first" ? world.app.origin : world.second);
      const address = tab.page.url();
      const { popup, outcome } = await openPopup(tab.page);
      const email = newPerson();
      await allow(popup, email);
      expect(await outcome).toEqual({ data: { success: true }, error: null });
      await expect.poll(() => popup.isClosed()).toBe(true);
      await expectSignedIn(tab.page, email);
      // The opener was nowhere else meanwhile.
      expect(tab.documents).toEqual([address]);
      await tab.page.reload();
      await expectSignedIn(tab.page, email);
      expect(await tab.context.cookies(world.app.host.siteUrl)).toEqual([]);
      expect(tab.log.pageErrors).toEqual([]);
    },
  );

  it("tells its opener that the provider was told no", async () => {
    const { page } = await openTab(world);
    const { popup, outcome } = await openPopup(page);
    await cancel(popup);
    expect(await outcome).toMatchObject({ data: null, error: { code: "access_denied" } });
    await signedOut(page);
  });
}
