import { expect, it } from "vitest";
import { openView } from "../support/steps.js";
import { serverKitTests } from "./suite.js";
import type { Tester } from "./support/tester.js";

serverKitTests(
  {
    name: "nextjs",
    packages: ["next"],
    build: ["next/dist/bin/next", "build"],
    output: [".next"],
    start: (port) => ["node_modules/next/dist/bin/next", "start", "-p", String(port)],
    env: ({ url, siteUrl }) => ({
      NEXT_PUBLIC_CONVEX_URL: url,
      NEXT_PUBLIC_CONVEX_SITE_URL: siteUrl,
    }),
    home: "/",
    second: { path: "/account", link: "Account" },
    signedOutPath: "/sign-in",
    homeQueries: 1,
  },
  titles,
);

/** Next has an announcer for screen readers, which says nothing where the title stays. */
function titles(tester: Tester): void {
  it("tells which page it leads to", async () => {
    const { context, email } = await tester.member();
    const { page } = await tester.open(context);
    expect(await page.title()).toBe("To-dos · To-do");
    await openView(page, tester.kit.second.link);
    await page.getByText(email).waitFor();
    expect(await page.title()).toBe("Account · To-do");
    const announcer = page.locator("next-route-announcer [aria-live]");
    await expect.poll(() => announcer.textContent()).toBe("Account · To-do");
  });
}
