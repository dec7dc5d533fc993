/** What the first paint holds, and what it costs. */
import { expect, it } from "vitest";
import { openView, signedIn } from "../support/steps.js";
import type { Tester } from "./support/tester.js";
import {
  cookieOf,
  expectNoErrors,
  identities,
  JWT_COOKIE,
  TOKEN_REQUEST,
  views,
} from "./support/tester.js";

/** The scenarios. */
export function firstPaint(tester: Tester): void {
  const { kit } = tester;
  const queries = Array.from({ length: kit.homeQueries }, () => "POST /api/query");

  it("holds the data of a signed-in user, and asks nothing about him while his cookie lives", async () => {
    const { context, todo } = await tester.member();
    const view = await tester.view(context);
    expect(view.status).toBe(200);
    expect(view.html).toContain(todo);
    expect(view.site).toEqual([]);
    expect(view.cloud).toEqual(queries);
    console.log(
      `note: ${kit.name}: HTML of a signed-in first paint ${String(view.html.length)} bytes`,
    );
  });

  it("shows it without scripts", async () => {
    const { context, todo } = await tester.member();
    const storageState = await context.storageState();
    const bare = await tester.browser.newContext({ storageState, javaScriptEnabled: false });
    const { page } = await tester.browser.open(tester.home, bare);
    expect(await page.getByText(todo).isVisible()).toBe(true);
  });

  it("stays as it is when the page comes to life, on the way to another page, and back", async () => {
    const { context, todo, ...person } = await tester.member();
    tester.forgetRequests();
    const visit = await tester.open(context);
    const { page, log } = visit;
    await signedIn(page, person);
    await page.waitForLoadState("networkidle");
    expect(await views(page)).toEqual(["list"]);
    expect(identities(visit)).toBe(1);
    expect(log.authRequests).toEqual(["/get-session"]);

    await openView(page, kit.second.link);
    await page.getByText(person.email).waitFor();
    await page.goBack();
    await page.getByText(todo).waitFor();
    await page.reload();
    await page.getByText(todo).waitFor();
    expect(await views(page)).not.toContain("form");
    expect(identities(visit)).toBe(2);
    expect(tester.ownRequests(visit)).toEqual([]);
    expectNoErrors(visit);
  });

  it.each(["is gone", "has ended"])(
    "an hour later, when the token's cookie %s, is signed in for one request",
    async (how) => {
      const { context, todo } = await tester.member();
      await endToken(how);
      const view = await tester.view(context);
      expect(view.html).toContain(todo);
      expect(view.site).toEqual([TOKEN_REQUEST]);
      expect(view.cloud).toEqual(queries);
      // The answer renewed the cookie, so the next view asks nothing.
      expect((await tester.view(context)).site).toEqual([]);

      await endToken(how);
      tester.forgetRequests();
      const visit = await tester.open(context);
      await signedIn(visit.page, { name: "Ada" });
      await visit.page.waitForLoadState("networkidle");
      expect(await views(visit.page)).toEqual(["list"]);
      expect(identities(visit)).toBe(1);
      expect(tester.ownRequests(visit)).toEqual([TOKEN_REQUEST]);
      expectNoErrors(visit);

      async function endToken(how: string): Promise<void> {
        const value = overToken(await cookieOf(context, JWT_COOKIE));
        await context.clearCookies({ name: JWT_COOKIE });
        if (how === "has ended")
          await context.addCookies([{ name: JWT_COOKIE, value, url: tester.home }]);
      }
    },
  );

  it("of somebody who is signed out asks nothing and holds nothing", async () => {
    const context = await tester.browser.newContext();
    const { html, site, cloud } = await tester.view(context);
    expect(html).toContain("Password");
    expect([...site, ...cloud]).toEqual([]);
    const visit = await tester.open(context);
    await visit.page.waitForLoadState("networkidle");
    expect(await views(visit.page)).toEqual(["form"]);
    expect(identities(visit)).toBe(0);
    expectNoErrors(visit);
  });
}

/** The token as it was an hour ago. */
function overToken(token: string): string {
  const [head = "", claims = "", signature = ""] = token.split(".");
  const { iat, exp, ...rest } = JSON.parse(Buffer.from(claims, "base64url").toString()) as {
    iat: number;
    exp: number;
  };
  const then = JSON.stringify({ ...rest, iat: iat - 3600, exp: exp - 3600 });
  return `${head}.${Buffer.from(then).toString("base64url")}.${signature}`;
}
