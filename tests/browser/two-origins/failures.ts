/** Flows that come to nothing: they end in the app, and say why. */
import { expect, it } from "vitest";
import { signedIn, signedOut, signUp } from "../support/fixture.js";
import { allow, callbackLink, cancel } from "./support/github.js";
import type { TwoOrigins } from "./support/world.js";
import {
  expectHome,
  expectNoneOfTheHost,
  expectSignedIn,
  mailedLink,
  newPerson,
  openTab,
  providersOf,
  toGithub,
} from "./support/world.js";

export function failures(world: TwoOrigins): void {
  it("because the provider was told no, at the page from which it was started", async () => {
    const start = `${world.app.origin}/start?tab=2`;
    const tab = await openTab(world, start);
    await toGithub(tab.page);
    await cancel(tab.page);
    await tab.page.getByRole("alert").getByText("access_denied").waitFor();
    await expectHome(world, tab.page, `${start}&error=access_denied`);
    await signedOut(tab.page);
    expectNoneOfTheHost(world, tab);
  });

  it("at the app's own page for errors", async () => {
    const tab = await openTab(world);
    await toGithub(tab.page, { callbackURL: "/inside", errorCallbackURL: "/oops?x=1" });
    await cancel(tab.page);
    await tab.page.getByRole("alert").getByText("access_denied").waitFor();
    await expectHome(world, tab.page, `${world.app.origin}/oops?x=1&error=access_denied`);
    expectNoneOfTheHost(world, tab);
  });

  it("because it was gone through before, by the Back button", async () => {
    const tab = await openTab(world, `${world.app.origin}/start`);
    const { page } = tab;
    const email = newPerson();
    await toGithub(page);
    await allow(page, email);
    await expectSignedIn(page, email);
    const consent = page.getByRole("button", { name: "Allow", exact: true });
    await page.goBack();
    await consent.waitFor();
    await allow(page, email);
    await page.waitForURL(/error=/);
    await expectSignedIn(page, email);
    await expectHome(world, page, `${world.app.origin}/?error=state_mismatch`);
    await page.goBack();
    await consent.waitFor();
    await page.goBack();
    expect(page.url()).toBe(`${world.app.origin}/start`);
    await page.goForward();
    await page.goForward();
    await expectHome(world, page, `${world.app.origin}/?error=state_mismatch`);
    await expectSignedIn(page, email);
    expectNoneOfTheHost(world, tab);
  });

  it("because a stranger started it, and leaves the session as it was", async () => {
    const stranger = await openTab(world);
    await toGithub(stranger.page);
    const link = callbackLink(stranger.page, newPerson());

    const victim = await openTab(world);
    const email = await signUp(victim.page);
    await victim.page.goto(link);
    await victim.page.waitForURL(/error=/);
    await expectSignedIn(victim.page, email);
    await expectHome(world, victim.page, `${world.app.origin}/inside?error=state_mismatch`);
    expect(await providersOf(victim.page)).toEqual(["credential"]);
    expectNoneOfTheHost(world, victim);
  });

  it("because its ticket was used before, or never was one", async () => {
    const tab = await openTab(world);
    const link = await mailedLink(world, tab.page, newPerson());
    const parked = await tab.context.request.get(link, {
      headers: { accept: "text/html" },
      maxRedirects: 0,
    });
    const home = parked.headers()["location"] ?? "";
    const page = `${world.app.origin}/inside?auth_ticket=`;
    expect(home).toContain(page);
    const thief = await openTab(world, home);
    await signedIn(thief.page);
    for (const address of [home, `${page}none`]) {
      await tab.page.goto(address);
      await tab.page.getByRole("alert").getByText("INVALID_TICKET").waitFor();
      await signedOut(tab.page);
      expect(tab.page.url()).toContain(`${world.app.origin}/inside?error=INVALID_TICKET`);
    }
    expectNoneOfTheHost(world, tab);
  });
}
