import { expect, it } from "vitest";
import { serverKitTests } from "./suite.js";
import type { Tester } from "./support/tester.js";

serverKitTests(
  {
    name: "sveltekit",
    packages: ["@sveltejs/kit", "@sveltejs/adapter-node", "svelte", "convex-svelte", "vite"],
    build: ["vite/bin/vite.js", "build"],
    output: ["build"],
    start: () => ["build"],
    env: ({ url, siteUrl }) => ({ PUBLIC_CONVEX_URL: url, PUBLIC_CONVEX_SITE_URL: siteUrl }),
    home: "/",
    second: { path: "/account", link: "Account" },
    homeQueries: 1,
  },
  formsOfOtherSites,
);

/** SvelteKit checks them before any handle runs: those of Apple's `form_post` get through. */
function formsOfOtherSites(tester: Tester): void {
  it("a form of a site that the configuration names reaches Better Auth", async () => {
    expect(await sendForm("https://appleid.apple.com")).toEqual({
      status: 302,
      asked: ["POST /api/auth/callback/apple"],
    });
  });

  it("a form of any other site does not", async () => {
    expect(await sendForm("https://evil.example")).toEqual({ status: 403, asked: [] });
  });

  /** Sends a form from a page of that site. Gives the status of the answer, and what the deployment was asked for it. */
  async function sendForm(site: string): Promise<{ status: number; asked: string[] }> {
    const action = `${tester.world().origin}/api/auth/callback/apple`;
    const { page } = await tester.browser.open();
    await page.route(`${site}/**`, (route) =>
      route.fulfill({
        contentType: "text/html",
        // A page of https tells no page of http where it is, unless it says so itself. Apps in production have https.
        body: `<meta name="referrer" content="unsafe-url"><form method="post" action="${action}"><input name="state" value="s"><button>Go</button></form>`,
      }),
    );
    await page.goto(`${site}/auth/authorize`);
    tester.forgetRequests();
    const answered = page.waitForResponse(
      (response) => response.url() === action && response.request().method() === "POST",
    );
    await page.getByRole("button", { name: "Go" }).click();
    const status = (await answered).status();
    await page.waitForLoadState();
    const asked = tester.world().site.requests.filter((each) => each.startsWith("POST"));
    return { status, asked };
  }
}
