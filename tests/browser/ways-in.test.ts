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
const app = useApp(browser, { folder: exampleFolder });

describe("a guest", () => {
  it("keeps the to-dos with an account, and is never signed out on the way", async () => {
    const { page, log } = await browser.open(app.origin);
    await page.getByRole("button", { name: "Continue as guest" }).click();
    await signedIn(page, { name: "Guest" });
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

    await openView(page, "Security");
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

  /** Turns it on with an authenticator app that was given the key. */
  async function turnOn(page: Page): Promise<{ secret: string; backupCodes: string[] }> {
    await openView(page, "Security");
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Turn on" }).click();
    const form = page.getByRole("form", { name: "Set up" });
    await form.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    const [secret = "", ...backupCodes] = await form.locator("code").allTextContents();
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
