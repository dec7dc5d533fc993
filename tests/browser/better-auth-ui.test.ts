/**
 * The pages of `@daveyplate/better-auth-ui` over our client, on two origins: the app is the one of docs/better-auth-ui.md,
 * built from its blocks. Tailwind is left out, which only looks need.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "otplib";
import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { stagePage } from "./documents/page-app.js";
import type { App } from "./support/app.js";
import { useApp } from "./support/app.js";
import type { Visit } from "./support/browser.js";
import { useBrowser } from "./support/browser.js";

const PAGE = "docs/better-auth-ui.md";
const QUERY_PAGE = "docs/better-auth-ui-tanstack-query.md";
const PASSWORD = "correct horse battery";
const browser = useBrowser(["--test-third-party-cookie-phaseout"]);

/** Somebody whom the deployment does not know, also when a test is tried again. */
function newcomer(name: string): string {
  people += 1;
  return `${name}${String(people)}@example.com`;
}
let people = 0;

async function signUp(page: Page, origin: string, email: string): Promise<void> {
  await page.goto(`${origin}/auth/sign-up`);
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create an account" }).click();
  await hello(page);
}

async function sendSignIn(page: Page, email: string): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Login" }).click();
}

async function expectText(locator: Locator, text: string): Promise<void> {
  await locator.filter({ hasText: text }).waitFor();
}

/** What only a signed-in user is shown. */
const hello = (page: Page): Promise<void> => page.getByRole("heading", { name: "Hello" }).waitFor();

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Account", exact: true }).click();
  await page.getByRole("menuitem", { name: "Sign Out" }).click();
  await page.getByLabel("Email").waitFor();
}

describe("better-auth-ui", () => {
  const app = useApp(browser, {
    folder: () => stagePage(PAGE, ["The backend", "The app"], "better-auth-ui"),
  });

  /** The link of the newest mail to somebody with that in it. */
  function linkTo(email: string, part: string): string {
    const links = app.hostLog
      .map((line) => /mail to (\S+): (\S+)/.exec(line))
      .filter((found) => found?.[1] === email && found[2]?.includes(part));
    return links.at(-1)?.[2] ?? expect.fail(`no mail to ${email} with ${part}`);
  }

  it("signs up, stays through a reload, signs out and in, and says what is wrong", async () => {
    const { page, log } = await browser.open();
    const ada = newcomer("ada");
    await signUp(page, app.origin, ada);
    await page.reload();
    await hello(page);
    await signOut(page);
    await page.goto(app.origin);
    await page.waitForURL(/\/auth\/sign-in/);
    await sendSignIn(page, "nobody@example.com");
    await page.getByText("Invalid email or password").waitFor();
    await sendSignIn(page, ada);
    await hello(page);
    expect(log.pageErrors).toEqual([]);
  });

  it("turns a second factor on, and asks for it at the next sign-in", async () => {
    const { page, log } = await browser.open();
    const grace = newcomer("grace");
    await signUp(page, app.origin, grace);
    await page.goto(`${app.origin}/account/security`);
    await page.getByRole("button", { name: "Enable Two-Factor" }).click();
    await page.getByRole("dialog").getByLabel("Password").fill(PASSWORD);
    const enabled = page.waitForResponse(/two-factor\/enable/);
    await page.getByRole("dialog").getByRole("button", { name: "Enable Two-Factor" }).click();
    const { totpURI } = (await (await enabled).json()) as { totpURI: string };
    const secret = new URL(totpURI).searchParams.get("secret")!;
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByLabel("One-Time Password").fill(await generate({ secret }));
    await page.getByText("Two-factor authentication has been enabled").waitFor();
    await hello(page);
    await signOut(page);
    await sendSignIn(page, grace);
    await page.waitForURL(/\/auth\/two-factor/);
    await page.getByLabel("One-Time Password").fill("000000");
    await page.getByText("Invalid code").waitFor();
    await page.getByLabel("One-Time Password").fill(await generate({ secret }));
    await hello(page);
    expect(log.pageErrors).toEqual([]);
  });

  it("makes an organization, invites, and switches", async () => {
    const { page, log } = await browser.open();
    const member = newcomer("member");
    const owner = newcomer("owner");
    await signUp(page, app.origin, owner);
    await page.getByRole("button", { name: "Personal Account" }).click();
    await page.getByRole("menuitem", { name: "Create Organization" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Acme");
    await page
      .getByRole("dialog")
      .getByLabel("Slug URL")
      .fill(`acme-${String(people)}`);
    await page.getByRole("dialog").getByRole("button", { name: "Create Organization" }).click();
    await page.getByText("Organization created successfully").waitFor();
    await page.goto(`${app.origin}/organization/members`);
    await page.getByRole("button", { name: "Invite Member" }).click();
    await page.getByRole("dialog").getByLabel("Email").fill(member);
    await page.getByRole("dialog").getByRole("button", { name: "Send Invitation" }).click();
    await page.getByText("Invitation sent successfully").waitFor();

    const other = await browser.open();
    await signUp(other.page, app.origin, member);
    await other.page.goto(linkTo(member, "/verify-email"));
    await hello(other.page);
    await other.page.goto(linkTo(member, "/auth/accept-invitation"));
    await other.page.getByRole("button", { name: "Accept" }).click();
    await other.page.getByText("Invitation accepted successfully").waitFor();
    const switcher = other.page.getByRole("banner").getByRole("button").first();
    await expectText(switcher, "Acme");
    for (const name of ["Personal Account", "Acme"]) {
      await switcher.click();
      await other.page.getByRole("menuitem", { name }).click();
      await expectText(switcher, name);
      await other.page.reload();
      await expectText(switcher, name);
    }
    await page.reload();
    await page.getByText(member).waitFor();
    expect(log.pageErrors).toEqual([]);
  });

  it("is signed out at once where its session is revoked elsewhere, and shows nobody else what it read", async () => {
    const { page, log } = await browser.open();
    const next = newcomer("next");
    await signUp(page, app.origin, next);
    await signOut(page);
    const mine = await onTwoDevices(app, newcomer("linus"));
    await page.goto(`${app.origin}/auth/sign-in?redirectTo=/account/security`);
    // The page is loaded anew at the end of a session: what is looked for below belongs to the new one.
    await Promise.all([mine.revoked.page.waitForEvent("load"), mine.revoke()]);
    await mine.revoked.page.waitForURL(/\/auth\/sign-in\?redirectTo=%2Faccount%2Fsecurity/);
    // The next one at this device has one session. The list that is still in memory would have two, one to revoke.
    await mine.revoked.page.evaluate(watchFor, "Revoke");
    await sendSignIn(mine.revoked.page, next);
    await mine.revoked.page.getByText("Current Session").waitFor();
    await mine.revoked.page.waitForLoadState("networkidle");
    expect(await mine.revoked.page.evaluate(() => document.body.dataset["seen"])).toBeUndefined();
    expect(log.pageErrors).toEqual([]);
    expect(mine.revoked.log.pageErrors).toEqual([]);
  });
});

describe("better-auth-ui with TanStack Query", () => {
  const app = useApp(browser, {
    async folder() {
      const folder = await stagePage(QUERY_PAGE, [undefined], "better-auth-ui-tanstack");
      // Somebody is shown outside of the boundary, and nothing mounts or loads at the end: the component has to tell.
      await change(join(folder, "src/App.tsx"), /fallback=.*|onSignedOut=.*/g, "");
      await change(
        join(folder, "src/main.tsx"),
        "<App />",
        "<App /><footer><UserButton /></footer>",
      );
      await change(
        join(folder, "src/main.tsx"),
        /^/,
        'import { UserButton } from "@daveyplate/better-auth-ui";\n',
      );
      return folder;
    },
  });

  it("hears that a session was revoked elsewhere", async () => {
    const linus = newcomer("linus");
    const { revoke, revoked } = await onTwoDevices(app, linus);
    const button = revoked.page.locator("footer").getByRole("button");
    await expectText(button, linus);
    await revoke();
    await expectText(button, "User");
    expect(revoked.log.pageErrors).toEqual([]);
  });
});

async function change(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`nothing to change in ${file}`);
  await writeFile(file, changed);
}

/** Somebody new, whose list of sessions is shown on two devices; one of them can end the other's. */
async function onTwoDevices(
  app: App,
  email: string,
): Promise<{ revoke: () => Promise<void>; revoked: Visit }> {
  const { page } = await browser.open();
  await signUp(page, app.origin, email);
  const revoked = await browser.open(`${app.origin}/auth/sign-in?redirectTo=/account/security`);
  await sendSignIn(revoked.page, email);
  await revoked.page.getByText("Current Session").waitFor();
  await page.goto(`${app.origin}/account/security`);
  return { revoke: () => page.getByRole("button", { name: "Revoke" }).click(), revoked };
}

/** Runs in the page: marks it when an element with this text is there, however shortly. */
function watchFor(text: string): void {
  new MutationObserver(() => {
    if (document.body.innerText.includes(text)) document.body.dataset["seen"] = text;
  }).observe(document.body, { subtree: true, childList: true });
}
