/** Forms of other sites, which SvelteKit checks before any handle runs: those of Apple's `form_post` get through. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { useBrowser } from "../support/browser.js";
import { sveltekit } from "./support/sveltekit.js";
import type { World } from "./support/world.js";
import { startWorld } from "./support/world.js";

const browser = useBrowser();
let world: World;
beforeAll(async () => {
  world = await startWorld(sveltekit);
}, 300_000);
afterAll(() => world.close());

/** Sends a form from a page of that site. Gives the status of the answer, and of it what the deployment was asked. */
async function sendForm(site: string): Promise<{ status: number | undefined; asked: string[] }> {
  const action = `${world.origin}/api/auth/callback/apple`;
  const { page } = await browser.open();
  await page.route(`${site}/**`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" action="${action}"><input name="state" value="s"><button>Go</button></form>`,
    }),
  );
  await page.goto(`${site}/auth/authorize`);
  world.site.requests.length = 0;
  const answered = page.waitForResponse(
    (response) => response.url() === action && response.request().method() === "POST",
  );
  await page.getByRole("button", { name: "Go" }).click();
  const status = (await answered).status();
  await page.waitForLoadState();
  return { status, asked: world.site.requests.filter((each) => each.startsWith("POST")) };
}

it("a form of a site that the configuration names reaches Better Auth, which asks anew by GET", async () => {
  expect(await sendForm("https://appleid.apple.com")).toEqual({
    status: 302,
    asked: ["POST /api/auth/callback/apple"],
  });
});

it("a form of any other site does not", async () => {
  expect(await sendForm("https://evil.example")).toEqual({ status: 403, asked: [] });
});
