/** The ways into the example app beside a password: as a guest, with a second factor, with a passkey. */
import { generate } from "otplib";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { exampleFolder, useApp } from "./support/app.js";
import { addAuthenticator } from "./support/authenticator.js";
import { useBrowser } from "./support/browser.js";
import { recordStates } from "./support/status.js";
import {
  addTodo,
  enterAsGuest,
  openView,
  PASSWORD,
  sendSignIn,
  sendSignUp,
  signedIn,
  signedOut,
  signIn,
  signOut,
  signUp,
} from "./support/steps.js";

const browser = useBrowser();
const app = useApp(browser, { folder: exampleFolder, hostEnv: () => ({ FAKE_MAIL: "on" }) });

describe("a guest", () => {
  it("keeps the to-dos with an account, and is never signed out on the way", async () => {
    const { page, log } = await browser.open(app.origin);
    await enterAsGuest(page);
    await addTodo(page, "buy milk");
    await page.getByRole("button", { name: "Keep my to-dos" }).click();
    const states = await recordStates(page);
    const person = await sendSignUp(page);
    await signedIn(page, person);
    await page.getByText("buy milk").waitFor();
    expect(await page.getByText("You are here as a guest").count()).toBe(0);
    expect(await states()).not.toContain("signedOut");
    // Convex went from one identity to the other, never to none.
    const identities = log.sent.filter(({ type }) => type === "Authenticate");
    expect(identities.map((message) => message["tokenType"])).toEqual(["User", "User"]);
    expect(log.pageErrors).toEqual([]);
  });

  it("is asked before signing out, which throws the to-dos away", async () => {
    const { page, log } = await browser.open(app.origin);
    await enterAsGuest(page);
    await addTodo(page, "buy milk");
    log.authRequests.length = 0;
    const dialog = page.getByRole("dialog", { name: "Leave your to-dos behind?" });
    const button = page.getByRole("button", { name: "Sign out", exact: true });
    await button.click();
    await dialog.getByRole("button", { name: "Stay" }).click();
    await button.click();
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(log.authRequests).toEqual([]);
    await button.click();
    await dialog.getByRole("button", { name: "Sign out and lose them" }).click();
    await signedOut(page);
  });
});

describe("a forgotten password", () => {
  it("is replaced by the link of the inbox that is shown, once, and ends every session", async () => {
    const { page, log } = await browser.open(app.origin);
    const elsewhere = await browser.open(app.origin);
    const person = await signUp(elsewhere.page);
    await elsewhere.page.getByText("Nothing to do.").waitFor();

    await page.getByLabel("E-mail").fill(person.email);
    await page.getByRole("button", { name: "Forgot password?" }).click();
    expect(await page.getByLabel("E-mail").inputValue()).toBe(person.email);
    await page.getByRole("button", { name: "Send me a link" }).click();
    const link = page.getByRole("region", { name: "Fake inbox" }).getByRole("link");
    const address = await link.getAttribute("href");
    await link.click();
    await page.getByLabel("New password").last().fill("another correct horse");
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByRole("heading", { name: "Password changed" }).waitFor();
    await signedOut(elsewhere.page);
    await page.getByRole("button", { name: "Continue" }).click();
    expect(page.url()).toBe(`${app.origin}/`);
    await sendSignIn(page, person.email);
    await page.getByRole("alert").waitFor();
    await sendSignIn(page, person.email, "another correct horse");
    await signedIn(page, person);

    await elsewhere.page.goto(address!);
    await elsewhere.page.getByRole("heading", { name: "This link is over" }).waitFor();
    expect([...log.pageErrors, ...elsewhere.log.pageErrors]).toEqual([]);
  });
});

describe("two-factor authentication", () => {
  it("is turned on with the QR code's key, asked for at sign-in, and turned off", async () => {
    const { page, log } = await browser.open(app.origin);
    const person = await signUp(page);
    const states = await recordStates(page);
    const { secret, backupCodes } = await turnOn(page);
    expect(await states()).not.toContain("signedOut");
    expect(backupCodes).toHaveLength(10);

    await signOut(page);
    await sendSignIn(page, person.email);
    await sendCode(page, "000000");
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Do not ask again on this device").check();
    await sendCode(page, await generate({ secret }));
    await signedIn(page, person);
    await signOut(page);
    await signIn(page, person);

    // Another device is asked, and a backup code works there, but once.
    for (const outcome of ["in", "refused"]) {
      const { page: elsewhere } = await browser.open(app.origin);
      await sendSignIn(elsewhere, person.email);
      await elsewhere.getByRole("button", { name: "Use a backup code" }).click();
      await sendCode(elsewhere, backupCodes[0]!, "Backup code");
      if (outcome === "in") await signedIn(elsewhere, person);
      else await elsewhere.getByRole("alert").waitFor();
    }

    // Neither change is made by Enter in a field for a password, since it has to be chosen first.
    await openView(page, "Security");
    await page.getByRole("button", { name: "New backup codes…" }).click();
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    const codes = page.getByRole("list", { name: "Backup codes" }).locator("code");
    await codes.first().waitFor();
    expect(await codes.allTextContents()).not.toContain(backupCodes[1]);
    await page.getByRole("button", { name: "Turn off…" }).click();
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByText("It is off.").waitFor();
    expect(log.pageErrors).toEqual([]);
  });

  /** Answers the second step of a sign-in. */
  async function sendCode(
    page: Page,
    code: string,
    label = "Code of your authenticator app",
  ): Promise<void> {
    await page.getByLabel(label).fill(code);
    await page.getByRole("button", { name: "Continue" }).click();
  }

  /** What the clipboard holds after a button was pressed. */
  async function copied(page: Page, button: string): Promise<string> {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: button }).click();
    await page.getByText("Copied.").first().waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  }

  /** Turns it on with an authenticator app that was given the key. */
  async function turnOn(page: Page): Promise<{ secret: string; backupCodes: string[] }> {
    await openView(page, "Security");
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Turn on" }).click();
    const form = page.getByRole("form", { name: "Set up" });
    await form.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    const [key = "", ...backupCodes] = await form.locator("code").allTextContents();
    const secret = key.replaceAll(" ", "");
    expect(await copied(page, "Copy the key")).toBe(secret);
    expect(await copied(page, "Copy the codes")).toBe(backupCodes.join("\n"));
    await form.getByLabel("Code of your authenticator app").fill(await generate({ secret }));
    await form.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("It is on.").waitFor();
    return { secret, backupCodes };
  }
});

describe("a passkey", () => {
  it("is added, signs in, and signs nobody in once it is removed", async () => {
    const { page, log } = await browser.open(app.origin);
    const authenticator = await addAuthenticator(page);
    const person = await signUp(page);
    await openView(page, "Security");
    await page.getByLabel("Name of the passkey").fill("Work laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    const passkeys = page.getByRole("list", { name: "Passkeys" });
    await passkeys.getByText("Work laptop").waitFor();
    expect(await authenticator.credentials()).toHaveLength(1);

    await signOut(page);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await signedIn(page, person);

    await passkeys.getByRole("button", { name: "Remove the passkey Work laptop" }).click();
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.getByText("You have no passkeys.").waitFor();
    await signOut(page);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByRole("alert").waitFor();
    expect(log.pageErrors).toEqual([]);
  });

  it("that nobody confirms leaves the form as it was", async () => {
    const { page } = await browser.open(app.origin);
    await addAuthenticator(page, { isUserVerified: false });
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByRole("alert").waitFor();
    await signedOut(page);
  });
});
