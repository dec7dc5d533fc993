/** The example app in a real browser, against the local host, as a person would use it. */
import type { Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import { exampleFolder, useApp } from "./support/app.js";
import type { Visit } from "./support/browser.js";
import { useBrowser } from "./support/browser.js";
import { keptCookies } from "./support/jar.js";
import type { PageLog } from "./support/page-log.js";
import {
  addTodo,
  openView,
  sendSignIn,
  signedIn,
  signedOut,
  signIn,
  signOut,
  signUp,
} from "./support/steps.js";

const browser = useBrowser();
const app = useApp(browser, { folder: exampleFolder });

const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";

/** For the figures of the run. */
function noteRequests(who: string, { authRequests, sent }: PageLog): void {
  const identities = sent.filter(({ type }) => type === "Authenticate").length;
  console.log(
    `note: a cold load, ${who}: ${authRequests.join(", ")}; ${String(identities)} identities sent to Convex`,
  );
}

describe("the example app", () => {
  it("signs up, keeps a to-do through a reload, signs out and in again", async () => {
    const { page, log } = await browser.open(app.origin);
    const person = await signUp(page);
    await addTodo(page, "write the README");
    await page.reload();
    await page.getByText("write the README").waitFor();
    await signOut(page);
    await sendSignIn(page, person.email, "not the password");
    await page.getByRole("alert").waitFor();
    await sendSignIn(page, person.email);
    await page.getByText("write the README").waitFor();
    await signedIn(page, person);
    expect(log.pageErrors).toEqual([]);
  });

  it("asks once when a signed-in page loads, and connects Convex before the answer", async () => {
    const { page, log } = await browser.open(app.origin);
    const person = await signUp(page);
    // Convex has the identity by then, so that nothing of this visit is counted.
    await page.getByText("Nothing to do.").waitFor();
    await page.waitForLoadState("networkidle");
    log.authRequests.length = 0;
    log.sent.length = 0;
    const held: Route[] = [];
    await page.route("**/api/auth/get-session*", (route) => void held.push(route));
    await page.reload();
    // The token of the visit before is enough for what is protected.
    await page.getByText("Nothing to do.").waitFor();
    expect(held).toHaveLength(1);
    for (const route of held) await route.continue();
    await page.unroute("**/api/auth/get-session*");
    await signedIn(page, person);
    await page.waitForLoadState("networkidle");
    noteRequests("signed in", log);
    expect(log.authRequests).toEqual(["/get-session"]);
    expect(log.sent.filter(({ type }) => type === "Authenticate")).toHaveLength(1);
  });

  it("asks once for the session and for no token when nobody is signed in", async () => {
    const { page, log } = await browser.open(app.origin);
    await signedOut(page);
    await page.waitForLoadState("networkidle");
    noteRequests("signed out", log);
    expect(log.authRequests).toEqual(["/get-session"]);
    expect(log.sent.filter(({ type }) => type === "Authenticate")).toEqual([]);
  });

  it("notices at once that its session was revoked elsewhere", async () => {
    const { page } = await browser.open(app.origin);
    await signUp(page);
    await page.getByText("Nothing to do.").waitFor();
    const cookie = await keptCookies(page, app.host.siteUrl);
    const { ok } = await fetch(`${app.host.siteUrl}/api/auth/sign-out`, {
      method: "POST",
      headers: { origin: app.origin, "content-type": "application/json", cookie },
      body: "{}",
    });
    expect(ok).toBe(true);
    await signedOut(page);
    expect(await page.getByText("Nothing to do.").count()).toBe(0);
  });
});

describe("the list of sessions", () => {
  it("marks this one, and signs another one out at once", async () => {
    const { page, log } = await browser.open(app.origin);
    const person = await signUp(page);
    const phone = await browser.open(
      app.origin,
      await browser.newContext({ userAgent: PHONE, viewport: { width: 390, height: 844 } }),
    );
    await signIn(phone.page, person);
    await phone.page.getByText("Nothing to do.").waitFor();

    await openView(page, "Sessions");
    const items = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
    await items.getByText("Safari on iPhone").waitFor();
    expect(await items.count()).toBe(2);
    // Live: the page was open when the telephone signed out and in again. This session stays the first, with its time.
    await signOut(phone.page);
    await items.getByText("Safari on iPhone").waitFor({ state: "detached" });
    await signIn(phone.page, person);
    await items.getByText("Safari on iPhone").waitFor();
    const mine = await items.first().textContent();
    expect(mine).toMatch(/^Chrome on .*Since .* \d\d:\d\dThis one$/);
    await page.getByRole("button", { name: "Revoke Safari on iPhone" }).click();
    await signedOut(phone.page);
    await items.getByText("Safari on iPhone").waitFor({ state: "detached" });
    // The button that had the focus is gone; a keyboard goes on from the list.
    expect(
      await page.evaluate(() => document.activeElement?.querySelector("h2")?.textContent),
    ).toBe("Sessions");
    expect([...log.pageErrors, ...phone.log.pageErrors]).toEqual([]);
  });
});

describe("an organization", () => {
  it("shares a list that its members see live, and each switches for themselves", async () => {
    const ada = await browser.open(app.origin);
    await signUp(ada.page, "Ada");
    await openView(ada.page, "Team");
    for (const name of ["Engine", "Loom"]) {
      if (name === "Loom") await ada.page.getByText("New organization").first().click();
      await ada.page.getByLabel("Name of the organization").fill(name);
      await ada.page.getByRole("button", { name: "Create" }).click();
      await ada.page.getByRole("heading", { name: `To-dos of ${name}` }).waitFor();
    }
    await addTodo(ada.page, "order punched cards");
    await ada.page.getByLabel("Active organization").selectOption("Engine");
    await ada.page.getByRole("heading", { name: "To-dos of Engine" }).waitFor();
    await ada.page.getByText("Nothing to do.").waitFor();
    expect(await ada.page.getByText("order punched cards").count()).toBe(0);

    const bob = await browser.open(app.origin);
    const { email } = await signUp(bob.page, "Bob");
    // An invitation is the invited person's alone, and can be taken back from a page that is open.
    await bob.page.goto(await invite(ada, "carol@example.com"));
    const nothing = bob.page.getByRole("heading", { name: "No such invitation" });
    await nothing.waitFor();
    await ada.page.getByRole("button", { name: "Withdraw the invitation of carol" }).click();
    await ada.page.getByRole("list", { name: "Invitations" }).waitFor({ state: "detached" });
    const offer = bob.page.getByRole("heading", { name: "Ada invites you to Engine" });
    await bob.page.goto(await invite(ada, email));
    await offer.waitFor();
    await ada.page.getByRole("button", { name: `Withdraw the invitation of ${email}` }).click();
    await nothing.waitFor();
    await bob.page.goto(await invite(ada, email));
    await offer.waitFor();
    await bob.page.getByRole("button", { name: "Join" }).click();
    await bob.page.getByRole("heading", { name: "To-dos of Engine" }).waitFor();
    expect(bob.page.url()).toBe(`${app.origin}/#team`);
    // Without a reload: Ada sees the member instead of the invitation. Bob, a member, is offered no form that refuses him.
    const members = ada.page.getByRole("list", { name: "Members" });
    await members.getByText(email).waitFor();
    expect(await ada.page.getByRole("list", { name: "Invitations" }).count()).toBe(0);
    await bob.page.getByText("(you)").waitFor();
    expect(await bob.page.getByRole("button", { name: "Invite" }).count()).toBe(0);

    await addTodo(ada.page, "carry the one");
    await bob.page.getByRole("checkbox", { name: "carry the one" }).check();
    await ada.page.getByRole("checkbox", { name: "carry the one", checked: true }).waitFor();
    await bob.page.getByRole("button", { name: "Remove “carry the one”" }).click();
    await ada.page.getByText("Nothing to do.").waitFor();
    expect([...ada.log.pageErrors, ...bob.log.pageErrors]).toEqual([]);
  });

  /** Invites somebody and gives the link, as it was copied. */
  async function invite({ page, context }: Visit, email: string): Promise<string> {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByLabel("E-mail of a new member").fill(email);
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByRole("button", { name: "Copy the link" }).click();
    await page.getByText("Copied.").waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  }
});
