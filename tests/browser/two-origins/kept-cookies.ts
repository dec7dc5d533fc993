/** What a tab keeps in the browser's place, and for how long. */
import { expect, it } from "vitest";
import { signedIn, signedOut, signUp } from "../support/fixture.js";
import { jarKey, keysWithSession } from "../support/jar.js";
import { allow } from "./support/github.js";
import type { TwoOrigins } from "./support/world.js";
import { expectSignedIn, newPerson, openTab, toGithub } from "./support/world.js";

export function keptCookies(world: TwoOrigins): void {
  const key = (): string => jarKey(world.app.host.siteUrl);

  it("are those of one deployment", async () => {
    const { page } = await openTab(world);
    await signUp(page);
    expect(await keysWithSession(page)).toEqual([key()]);
    // Whoever is signed in with another deployment on this origin is nobody here.
    await page.evaluate((key) => {
      localStorage.setItem("better-auth_cookies.http_127.0.0.1_1", localStorage.getItem(key)!);
      localStorage.removeItem(key);
    }, key());
    await page.reload();
    await signedOut(page);
  });

  it("outlive the update from version 0.1, which kept them under another name", async () => {
    const { page } = await openTab(world);
    const email = await signUp(page);
    await page.evaluate((key) => {
      localStorage.setItem("better-auth_cookies", localStorage.getItem(key)!);
      localStorage.removeItem(key);
    }, key());
    await page.reload();
    await expectSignedIn(page, email);
    expect(await keysWithSession(page)).toEqual([key()]);
  });

  it("without an end go with the tab", async () => {
    const { page, context } = await openTab(world);
    const email = await signUp(page);
    await page.evaluate(() => window.fixture.authClient.signOut());
    await signedOut(page);
    await page.evaluate(
      (email) =>
        window.fixture.authClient.signIn.email({
          email,
          password: "correct horse battery",
          rememberMe: false,
        }),
      email,
    );
    await signedIn(page);
    expect(await keysWithSession(page)).toEqual([]);
    await page.reload();
    await expectSignedIn(page, email);
    const { page: other } = await openTab(world, world.app.origin, context);
    await signedOut(other);
    await page.reload();
    await expectSignedIn(page, email);
    await page.close();
    const { page: later } = await openTab(world, world.app.origin, context);
    await signedOut(later);
  });

  it("that are not HttpOnly are shown to the page, as the last login method is", async () => {
    const { page } = await openTab(world);
    const last = (): Promise<string | null> =>
      page.evaluate(() => window.fixture.authClient.getLastUsedLoginMethod());
    expect(await last()).toBeNull();
    await signUp(page);
    expect(await last()).toBe("email");
    await page.evaluate(() => window.fixture.authClient.signOut());
    await signedOut(page);
    await toGithub(page);
    const email = newPerson();
    await allow(page, email);
    await expectSignedIn(page, email);
    expect(await last()).toBe("github");
    expect(await page.evaluate(() => document.cookie)).not.toMatch(/session|state/);
  });
}
