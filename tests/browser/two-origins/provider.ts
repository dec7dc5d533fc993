/** Sign-in with a provider, and linking one. */
import { expect, it } from "vitest";
import { signUp, uncaught, views } from "../support/fixture.js";
import { allow } from "./support/github.js";
import type { TwoOrigins } from "./support/world.js";
import {
  expectHome,
  expectNoneOfTheHost,
  expectSignedIn,
  newPerson,
  openTab,
  providersOf,
  toGithub,
} from "./support/world.js";

export function provider(world: TwoOrigins): void {
  it("brings the tab back signed in, at the page that was asked for, with one load of it", async () => {
    const tab = await openTab(world);
    const { page, log, documents } = tab;
    const { origin } = world.app;
    await page.waitForLoadState("networkidle");
    await toGithub(page, { callbackURL: "/inside?x=1#top" });
    log.authRequests.length = 0;
    documents.length = 0;
    const email = newPerson();
    await allow(page, email);
    await expectSignedIn(page, email);
    await expectHome(world, page, `${origin}/inside?x=1#top`);
    expect(documents.map((url) => url.replace(/(auth_ticket)=[\w-]+/, "$1"))).toEqual([
      `${origin}/inside?x=1&auth_ticket`,
    ]);
    expect((await views(page)).join(" ")).not.toMatch(/\bform\b/);
    // Whoever asks for the session earlier is told that there is none. The last one is the test's own.
    expect(log.authRequests).toEqual([
      "/callback/github",
      "/cross-domain/resume",
      "/get-session",
      "/get-session",
    ]);
    await page.reload();
    await expectSignedIn(page, email);
    expect(log.pageErrors).toEqual([]);
    expect(uncaught(world.app)).toEqual([]);
  });

  it("may answer by a form post, which carries no cookies", async () => {
    const tab = await openTab(world);
    const { page, log, documents } = tab;
    await toGithub(page);
    documents.length = 0;
    const email = newPerson();
    await allow(page, email, " by form post");
    await expectSignedIn(page, email);
    await expectHome(world, page, `${world.app.origin}/inside`);
    expect(documents).toHaveLength(1);
    // The post leads to a callback like any other, with which the tab goes on by itself.
    expect(log.authRequests.filter((path) => path === "/cross-domain/resume")).toHaveLength(2);
    expectNoneOfTheHost(world, tab);
  });

  it("is linked to the account of whoever is signed in", async () => {
    const tab = await openTab(world);
    const { page } = tab;
    const email = await signUp(page);
    await page.evaluate(
      () =>
        void window.fixture.authClient.linkSocial({ provider: "github", callbackURL: "/settings" }),
    );
    await allow(page, email);
    await expectSignedIn(page, email);
    await expectHome(world, page, `${world.app.origin}/settings`);
    expect(await providersOf(page)).toEqual(["credential", "github"]);
    expectNoneOfTheHost(world, tab);
  });
}
