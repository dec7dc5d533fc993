/** The example app in a real browser, against the local host, as a person would use it. */
import type { Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import { exampleFolder, useApp } from "./support/app.js";
import { useBrowser } from "./support/browser.js";
import { keptCookies } from "./support/jar.js";
import type { PageLog } from "./support/page-log.js";
import { addTodo, sendSignIn, signedIn, signedOut, signOut, signUp } from "./support/steps.js";

const browser = useBrowser();
const app = useApp(browser, { folder: exampleFolder });

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
