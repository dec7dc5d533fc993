/** Guests who become somebody. */
import { expect, it } from "vitest";
import { signedIn, views } from "../support/fixture.js";
import { allow } from "./support/github.js";
import type { Tab, TwoOrigins } from "./support/world.js";
import {
  expectHome,
  expectNoneOfTheHost,
  expectSignedIn,
  mailedLink,
  newPerson,
  openTab,
  toGithub,
} from "./support/world.js";

/** Opens a tab as a guest. Gives also the guest's id. */
async function openAsGuest(world: TwoOrigins): Promise<Tab & { guest: string }> {
  const tab = await openTab(world);
  const { data } = await tab.page.evaluate(() => window.fixture.authClient.signIn.anonymous());
  await signedIn(tab.page);
  return { ...tab, guest: data!.user.id };
}

export function guests(world: TwoOrigins): void {
  it.each(["a provider", "a magic link"])(
    "who signs in by %s is linked once, and is never signed out on the way",
    async (way) => {
      const tab = await openAsGuest(world);
      const { page, log, guest } = tab;
      const email = newPerson();
      if (way === "a provider") {
        await toGithub(page);
        await allow(page, email);
      } else await page.goto(await mailedLink(world, page, email));
      await page.waitForURL(`${world.app.origin}/inside`);
      await expectSignedIn(page, email);
      await expectHome(world, page, `${world.app.origin}/inside`);

      const { data } = await page.evaluate(() => window.fixture.authClient.getSession());
      const linked = world.app.hostLog.filter((line) => line.includes("linked "));
      expect(linked).toHaveLength(1);
      expect(linked[0]).toContain(`linked ${guest} ${data!.user.id}`);
      expect((await views(page)).join(" ")).not.toMatch(/\bform\b/);
      const identities = log.sent.filter(({ type }) => type === "Authenticate");
      expect(identities.map((message) => message["tokenType"])).toEqual(["User", "User"]);
      expect(log.pageErrors).toEqual([]);
      expectNoneOfTheHost(world, tab);
    },
  );
}
