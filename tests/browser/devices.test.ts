/** Several tabs of one browser, and several browsers of one person. */
import { describe, expect, it } from "vitest";
import { useBrowser } from "./support/browser.js";
import {
  addNote,
  openFixture,
  signedIn,
  signedOut,
  signIn,
  signOut,
  signUp,
  uncaught,
  useFixture,
  views,
} from "./support/fixture.js";

const browser = useBrowser();
const app = useFixture(browser, "browser-devices");

/**
 * The tab that does not sign out itself learns of it from the server: its live query is run again, without the session.
 * That is one refusal for one query, and none follows.
 */
function expectOneRefusal(): void {
  expect(uncaught(app)).toEqual([expect.stringMatching(/^\[notes:list\] .*UNAUTHENTICATED/)]);
}

describe("two tabs", () => {
  it("sign out together, and in again, without a reload", async () => {
    const first = await openFixture(browser, app.origin);
    const email = await signUp(first.page);
    const second = await openFixture(browser, app.origin, first.context);
    await signedIn(second.page);
    await signOut(first.page);
    await signedOut(second.page);
    expect(await second.page.locator("[data-view=notes]").count()).toBe(0);

    await signIn(second.page, email);
    await signedIn(first.page);
    await addNote(first.page, "seen in both");
    await second.page.getByText("seen in both").waitFor();
    expectOneRefusal();
  });

  it("follow each other to another person, with one refusal in between", async () => {
    const first = await openFixture(browser, app.origin);
    await signUp(first.page);
    await addNote(first.page, "of the first");
    const second = await openFixture(browser, app.origin, first.context);
    await second.page.getByText("of the first").waitFor();
    await signOut(first.page);
    await signUp(first.page);
    await addNote(first.page, "of the second");
    await second.page.getByText("of the second").waitFor();
    expect(await second.page.getByText("of the first").count()).toBe(0);
    expect([...first.log.pageErrors, ...second.log.pageErrors]).toEqual([]);
    expectOneRefusal();
  });
});

describe("two devices", () => {
  it("list each other, and one that is revoked is signed out without a reload", async () => {
    const mine = await openFixture(browser, app.origin);
    const email = await signUp(mine.page);
    const lost = await openFixture(browser, app.origin);
    await signIn(lost.page, email);
    await addNote(mine.page, "secret");
    await lost.page.getByText("secret").waitFor();
    lost.log.authRequests.length = 0;

    const revoked = await mine.page.evaluate(async () => {
      const { authClient } = window.fixture;
      const own = await authClient.getSession();
      const { data: sessions } = await authClient.listSessions();
      const others = (sessions ?? []).filter(({ id }) => id !== own.data?.session.id);
      for (const { token } of others) await authClient.revokeSession({ token });
      return { all: sessions?.length, others: others.length };
    });
    expect(revoked).toEqual({ all: 2, others: 1 });

    await signedOut(lost.page);
    // Its subscribed query told it.
    expect(lost.log.authRequests).toEqual([]);
    expect(await lost.page.getByText("secret").count()).toBe(0);
    expect((await views(lost.page)).at(-1)).toBe("form");
    await addNote(mine.page, "still mine");
    expect(await lost.page.getByText("still mine").count()).toBe(0);
    expect(lost.log.pageErrors).toEqual([]);
    expectOneRefusal();
  });
});
