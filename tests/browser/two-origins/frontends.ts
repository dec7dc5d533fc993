/** Two frontends of one deployment. */
import { expect, it } from "vitest";
import { signedOut, signUp } from "../support/fixture.js";
import { allow, cancel } from "./support/github.js";
import type { TwoOrigins } from "./support/world.js";
import {
  expectHome,
  expectNoneOfTheHost,
  expectSignedIn,
  mailedLink,
  newPerson,
  openTab,
  toGithub,
} from "./support/world.js";

export function frontends(world: TwoOrigins): void {
  it("ends its flows at its own pages, and has a session of its own", async () => {
    const tab = await openTab(world, `${world.second}/start`);
    const { page } = tab;
    await toGithub(page);
    await cancel(page);
    await page.waitForURL(/error=/);
    await expectHome(world, page, `${world.second}/start?error=access_denied`);

    const email = newPerson();
    await toGithub(page);
    await allow(page, email);
    await expectSignedIn(page, email);
    await expectHome(world, page, `${world.second}/inside`);

    const other = newPerson();
    await page.goto(await mailedLink(world, page, other));
    await expectSignedIn(page, other);
    await expectHome(world, page, `${world.second}/inside`);

    // The first one is another origin, so that it has a jar of its own.
    const first = await openTab(world, world.app.origin, tab.context);
    await signedOut(first.page);
    const third = await signUp(first.page);
    await expectSignedIn(first.page, third);
    await page.reload();
    await expectSignedIn(page, other);
    for (const each of [tab, first]) expectNoneOfTheHost(world, each);
    expect(tab.log.pageErrors).toEqual([]);
  });
}
