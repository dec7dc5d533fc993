/**
 * Every page of the example app, for axe and for the keyboard, in dark and in light. With `SCREENSHOTS=write` it also
 * writes the images of `docs/screenshots`.
 */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { generate } from "otplib";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { exampleFolder, useApp } from "./support/app.js";
import { addAuthenticator } from "./support/authenticator.js";
import { violationsOf } from "./support/axe.js";
import { useBrowser } from "./support/browser.js";
import {
  addTodo,
  openView,
  PASSWORD,
  sendSignIn,
  signedIn,
  signedOut,
  signOut,
  signUp,
} from "./support/steps.js";

const browser = useBrowser();
const app = useApp(browser, { folder: exampleFolder });
const folder = fileURLToPath(new URL("../../docs/screenshots", import.meta.url));

/** The pages that the README shows, of all that are looked at. */
const shown = ["sign-in", "todos", "team", "two-factor"];

/** Opens the app in a window of the size that the README's images have. */
async function openApp(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 720, height: 600 } });
  const { page } = await browser.open(app.origin, context);
  await signedOut(page);
  return page;
}

/** Fails where axe complains of the page as it is now, and where a telephone would have to scroll sideways. */
async function look(page: Page, name: string): Promise<void> {
  expect(await violationsOf(page), name).toEqual([]);
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 360, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(360);
  await page.setViewportSize(size);
  if (process.env["SCREENSHOTS"] !== "write" || !shown.includes(name)) return;
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const path = `${folder}/${name}-${colorScheme}.png`;
    await page.screenshot({ path, fullPage: true, animations: "disabled" });
  }
  await page.emulateMedia({ colorScheme: null });
}

describe("axe has nothing to complain of", () => {
  it("for those who are signed out, and for guests", async () => {
    const page = await openApp();
    await look(page, "sign-in");
    await sendSignIn(page, "nobody@example.com");
    await page.getByRole("alert").waitFor();
    await look(page, "sign-in-refused");
    await page.getByRole("button", { name: "I am new here" }).click();
    await look(page, "sign-up");
    await page.getByRole("button", { name: "Continue as guest" }).click();
    await signedIn(page, { name: "Guest" });
    await page.getByText("Nothing to do.").waitFor();
    await page.getByRole("button", { name: "Keep my to-dos" }).click();
    await look(page, "guest");
  });

  it("in the lists of to-dos", async () => {
    const page = await openApp();
    await signUp(page);
    for (const text of ["Write the README", "Take screenshots", "Show them to somebody"])
      await addTodo(page, text);
    await page.getByRole("checkbox", { name: "Write the README" }).check();
    await look(page, "todos");
    await openView(page, "Team");
    await page.getByLabel("Name of the organization").fill("Analytical Engines");
    await look(page, "team-new");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Nothing to do.").waitFor();
    await addTodo(page, "Order punched cards");
    await look(page, "team");
  });

  it("in what protects an account", async () => {
    const page = await openApp();
    await addAuthenticator(page);
    const person = await signUp(page);
    await openView(page, "Security");
    await page.getByLabel("Name of the passkey").fill("Work laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("Work laptop").waitFor();
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Turn on" }).click();
    await page.getByRole("img", { name: "QR code" }).waitFor();
    await look(page, "two-factor");
    const secret = await page.locator(".qr code").textContent();
    await page.getByLabel("Code of").fill(await generate({ secret: secret! }));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("It is on.").waitFor();
    await look(page, "security");
    await openView(page, "Sessions");
    await page.getByText("This one").waitFor();
    await look(page, "sessions");
    await signOut(page);
    await sendSignIn(page, person.email);
    await page.getByLabel("Code of your authenticator app").waitFor();
    await look(page, "second-step");
  });
});

describe("axe has nothing to complain of while the server does not answer", () => {
  it("in what is shown of that", async () => {
    const page = await openApp();
    await page.route("**/api/auth/get-session", (route) => route.abort());
    await page.reload();
    await page.getByText("No answer from the server, trying again").waitFor();
    await look(page, "degraded");
  });
});

describe("the keyboard", () => {
  it("is enough, and goes on where the page changed", async () => {
    const page = await openApp();
    const focused = () => page.evaluate(() => document.activeElement?.localName);
    // A page that has just loaded leaves the focus alone.
    expect(await focused()).toBe("body");
    await page.keyboard.press("Tab");
    await page.keyboard.type("nobody@example.com");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    const guest = page.getByRole("button", { name: "Continue as guest" });
    await guest.focus();
    await page.keyboard.press("Enter");
    await signedIn(page, { name: "Guest" });
    await page.waitForFunction(() => document.activeElement?.localName === "main");
    await page.getByText("Nothing to do.").waitFor();
    const add = page.getByPlaceholder("What is to be done?");
    for (let presses = 0; presses < 3; presses += 1) {
      if (await add.evaluate((input) => input === document.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.type("buy milk");
    await page.keyboard.press("Enter");
    await page.getByText("buy milk").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.getByRole("checkbox", { name: "buy milk", checked: true }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Nothing to do.").waitFor();
    expect(await focused()).toBe("section");
  });
});
