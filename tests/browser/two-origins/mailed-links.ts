/** Links that are opened wherever people read their mail. */
import { expect, it } from "vitest";
import { signedOut, signUp } from "../support/fixture.js";
import type { Tab, TwoOrigins } from "./support/world.js";
import {
  expectHome,
  expectNoneOfTheHost,
  expectSignedIn,
  mailedLink,
  newPerson,
  openTab,
} from "./support/world.js";

export function mailedLinks(world: TwoOrigins): void {
  it.each(["the same tab", "a new tab of the same browser", "another browser"])(
    "signs in where it is opened, in %s, and once",
    async (where) => {
      const asked = await openTab(world);
      const email = newPerson();
      const link = await mailedLink(world, asked.page, email);
      let tab: Tab = asked;
      if (where === "the same tab") await asked.page.goto(link);
      else tab = await openTab(world, link, where === "another browser" ? undefined : asked.context);
      await expectSignedIn(tab.page, email);
      await expectHome(world, tab.page, `${world.app.origin}/inside`);
      expect(tab.documents.filter((url) => url.includes("/inside"))).toHaveLength(1);

      const later = await openTab(world, link);
      await signedOut(later.page);
      await later.page.getByRole("alert").getByText("INVALID_TOKEN").waitFor();
      await expectHome(world, later.page, `${world.app.origin}/inside?error=INVALID_TOKEN`);
      if (where === "another browser") await signedOut(asked.page);
      for (const each of [tab, later]) expectNoneOfTheHost(world, each);
    },
  );

  it("signs the other tabs of the browser in", async () => {
    const asked = await openTab(world);
    const email = newPerson();
    const opened = await openTab(world, await mailedLink(world, asked.page, email), asked.context);
    await expectSignedIn(opened.page, email);
    await expectSignedIn(asked.page, email);
  });

  it("of a stranger signs in as the stranger and does no more, as on one origin", async () => {
    const stranger = await openTab(world);
    const strangers = newPerson();
    const link = await mailedLink(world, stranger.page, strangers);
    const victim = await openTab(world);
    const victims = await signUp(victim.page);
    await victim.page.goto(link);
    await expectSignedIn(victim.page, strangers);
    await signedOut(stranger.page);
    // The victim's account is what it was.
    const again = await openTab(world);
    const { data } = await again.page.evaluate(
      (email) =>
        window.fixture.authClient.signIn.email({ email, password: "correct horse battery" }),
      victims,
    );
    expect(data?.user.email).toBe(victims);
    const accounts = await again.page.evaluate(() => window.fixture.authClient.listAccounts());
    expect(accounts.data?.map(({ providerId }) => providerId)).toEqual(["credential"]);
  });
}
