/** Links that are opened wherever people read their mail. */
import { expect, it } from "vitest";
import { signedOut, signIn, signOut, signUp } from "../support/fixture.js";
import type { Tab, TwoOrigins } from "./support/world.js";
import {
  expectHome,
  expectNoneOfTheHost,
  expectSignedIn,
  mailedLink,
  newPerson,
  openTab,
  providersOf,
} from "./support/world.js";

export function mailedLinks(world: TwoOrigins): void {
  /** The link led to its page at once, signed in. */
  async function expectArrived(tab: Tab, email: string): Promise<void> {
    await expectSignedIn(tab.page, email);
    await expectHome(world, tab.page, `${world.app.origin}/inside`);
    expect(tab.documents.filter((url) => url.includes("/inside"))).toHaveLength(1);
    expectNoneOfTheHost(world, tab);
  }

  it("signs in the tab that asked for it", async () => {
    const tab = await openTab(world);
    const email = newPerson();
    await tab.page.goto(await mailedLink(world, tab.page, email));
    await expectArrived(tab, email);
  });

  it("signs in the browser whose new tab it is opened in", async () => {
    const asked = await openTab(world);
    const email = newPerson();
    const link = await mailedLink(world, asked.page, email);
    const opened = await openTab(world, link, asked.context);
    await expectArrived(opened, email);
    await expectSignedIn(asked.page, email);
    await signOut(opened.page);
    await signedOut(asked.page);
  });

  it("signs in another browser, once", async () => {
    const asked = await openTab(world);
    const email = newPerson();
    const link = await mailedLink(world, asked.page, email);
    await expectArrived(await openTab(world, link), email);

    await asked.page.goto(link);
    await asked.page.getByRole("alert").getByText("INVALID_TOKEN").waitFor();
    await signedOut(asked.page);
    await expectHome(world, asked.page, `${world.app.origin}/inside?error=INVALID_TOKEN`);
    expectNoneOfTheHost(world, asked);
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
    await signOut(victim.page);
    await signIn(victim.page, victims);
    await expectSignedIn(victim.page, victims);
    expect(await providersOf(victim.page)).toEqual(["credential"]);
  });
}
