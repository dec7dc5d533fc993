/** Every page of the example app, for axe, for the keyboard, and for those who hear it. `support/looks.ts` takes its images. */
import { generate } from "otplib";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { exampleFolder, useApp } from "./support/app.js";
import { addAuthenticator } from "./support/authenticator.js";
import { useBrowser } from "./support/browser.js";
import { look } from "./support/looks.js";
import {
  addTodo,
  enterAsGuest,
  openView,
  PASSWORD,
  sendSignIn,
  signedOut,
  signOut,
  signUp,
} from "./support/steps.js";

const browser = useBrowser();
const app = useApp(browser, { folder: exampleFolder, hostEnv: () => ({ FAKE_MAIL: "on" }) });
const LONG = "Rhoshandiatellyneshiaunneveshenk".repeat(3);

async function openApp(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 720 } });
  const { page } = await browser.open(app.origin, context);
  await signedOut(page);
  return page;
}

/** Signs somebody in on a telephone, of which the tests see no more than the session. */
async function signInElsewhere(email: string): Promise<void> {
  const headers = {
    origin: app.origin,
    "content-type": "application/json",
    "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
  };
  const body = JSON.stringify({ email, password: PASSWORD });
  const url = `${app.host.siteUrl}/api/auth/sign-in/email`;
  expect((await fetch(url, { method: "POST", headers, body })).ok).toBe(true);
}

/** The heading that has the focus, and what the window is called. */
async function place(page: Page): Promise<string[]> {
  return page.evaluate(() => [document.activeElement?.textContent ?? "", document.title]);
}

describe("a telephone, a desk, the dark, a thumb and axe have nothing to complain of", () => {
  it("for those who are signed out, and for guests", async () => {
    const page = await openApp();
    await look(page, "sign-in");
    await sendSignIn(page, "nobody@example.com");
    await page.getByRole("alert").waitFor();
    await look(page, "sign-in-refused");
    await page.goto(`${app.origin}/?error=INVALID_TOKEN`);
    await page.getByRole("heading", { name: "This link is over" }).waitFor();
    await look(page, "reset-over");
    await page.goto(`${app.origin}/?token=abc`);
    await page.getByLabel("New password").first().waitFor();
    await look(page, "new-password");
    await page.goto(`${app.origin}/?invitation=abc#team`);
    await page.getByRole("button", { name: "I am new here" }).click();
    await look(page, "sign-up-invited");
    await page.goto(app.origin);
    await enterAsGuest(page);
    await page.getByRole("button", { name: "Keep my to-dos" }).click();
    await look(page, "guest");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("dialog").waitFor();
    await look(page, "guest-sign-out");
  });

  it("in the lists of to-dos", async () => {
    const page = await openApp();
    await signUp(page);
    await page.getByText("Nothing to do.").waitFor();
    await look(page, "todos-empty");
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
    await page.getByLabel("E-mail of a new member").fill("grace@example.com");
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByText("Invited, until").waitFor();
    await look(page, "team");
  });

  it("in what protects an account", async () => {
    const page = await openApp();
    await addAuthenticator(page);
    const person = await signUp(page);
    await signInElsewhere(person.email);
    await openView(page, "Security");
    await page.getByLabel("Name of the passkey").fill("Work laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("Work laptop").waitFor();
    await page.getByLabel("Your password").fill(PASSWORD);
    await page.getByRole("button", { name: "Turn on" }).click();
    await page.getByRole("img", { name: "QR code" }).waitFor();
    await look(page, "two-factor");
    // Nothing secret goes on paper.
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".key, .codes, .qr").filter({ visible: true }).count()).toBe(0);
    await page.emulateMedia({ media: null });
    const secret = await page.locator(".key").textContent();
    await page.getByLabel("Code of").fill(await generate({ secret: secret!.replaceAll(" ", "") }));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText("It is on.").waitFor();
    await look(page, "security");
    await page.getByRole("button", { name: "Turn off…" }).click();
    await look(page, "turn-off");
    await openView(page, "Sessions");
    await page.getByText("This one").waitFor();
    await look(page, "sessions");
    await signOut(page);
    await sendSignIn(page, person.email);
    await page.getByLabel("Code of your authenticator app").waitFor();
    await look(page, "second-step");
    await page.getByRole("button", { name: "Back", exact: true }).click();
    await page.getByRole("button", { name: "Forgot password?" }).click();
    await page.getByRole("button", { name: "Send me a link" }).click();
    await page.getByRole("link", { name: "Reset your password" }).waitFor();
    await look(page, "forgot-password");
  });

  it("where names and texts are long", async () => {
    const page = await openApp();
    await signUp(page, LONG.slice(0, 40));
    await addTodo(page, LONG);
    await look(page, "todos-long");
    await openView(page, "Team");
    await page.getByLabel("Name of the organization").fill(LONG);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByText("Nothing to do.").waitFor();
    await page.getByLabel("E-mail of a new member").fill(`${LONG.slice(0, 60)}@example.com`);
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByText("Invited, until").waitFor();
    await look(page, "team-long");
  });

  it("while the server does not answer, and nothing moves when it is said", async () => {
    const page = await openApp();
    await signUp(page);
    await page.getByText("Nothing to do.").waitFor();
    const header = page.locator("header");
    for (const width of [1100, 360]) {
      await page.setViewportSize({ width, height: 720 });
      const [height, top] = await boxes();
      await page.route("**/api/auth/**", (route) => route.abort());
      await page.evaluate(() => window.dispatchEvent(new Event("focus")));
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await page.getByText("No answer from the server, trying again").waitFor();
      expect(await boxes()).toEqual([height, top]);
      if (width === 1100) await look(page, "degraded");
      await page.unroute("**/api/auth/**");
      await page.reload();
      await page.getByText("Nothing to do.").waitFor();
    }
    await page.route("**/api/auth/**", (route) => route.abort());
    await page.reload();
    await page.getByText("No answer from the server, trying again").waitFor();
    await look(page, "degraded-unknown");

    async function boxes(): Promise<number[]> {
      const [head, main] = [await header.boundingBox(), await page.locator("main").boundingBox()];
      return [head!.height, main!.y];
    }
  });
});

describe("those who hear the page", () => {
  it("are told where they are by the title and by the heading, which has the focus", async () => {
    const page = await openApp();
    expect(await page.title()).toBe("Sign in · To-do");
    // A page that has just loaded leaves the focus alone.
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("body");
    await page.getByRole("button", { name: "Forgot password?" }).click();
    expect(await place(page)).toEqual(["Forgot password", "Forgot password · To-do"]);
    await page.getByRole("button", { name: "Back", exact: true }).click();
    expect(await place(page)).toEqual(["Sign in", "Sign in · To-do"]);
    await signUp(page);
    for (const view of ["Team", "Security", "Sessions", "To-dos"]) {
      await openView(page, view);
      expect(await place(page)).toEqual([view, `${view} · To-do`]);
      expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    }
    await signOut(page);
    expect(await place(page)).toEqual(["Sign in", "Sign in · To-do"]);
  });

  it("are led to what was refused, and hear nothing of it in another form", async () => {
    const page = await openApp();
    const { email } = await signUp(page);
    await signOut(page);
    await sendSignIn(page, email, "not the password");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    const invalid = page.locator("[aria-invalid=true]");
    const names = await invalid.evaluateAll((found) =>
      found.map((one) => one.getAttribute("name")),
    );
    expect(names).toEqual(["email", "password"]);
    const said = await invalid.first().evaluate((field) => {
      const told = document.getElementById(field.getAttribute("aria-describedby")!);
      return [field === document.activeElement, told?.textContent];
    });
    expect(said).toEqual([true, "Invalid email or password"]);
    await page.getByRole("button", { name: "I am new here" }).click();
    expect([await alert.count(), await invalid.count()]).toEqual([0, 0]);
    // What was typed is still there.
    expect(await page.getByLabel("E-mail").inputValue()).toBe(email);
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign up" }).click();
    await alert.waitFor();
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe(
      "email",
    );
  });

  it("keep their place when the server cannot be reached", async () => {
    const page = await openApp();
    await page.route("**/api/auth/sign-in/**", (route) => route.abort());
    await sendSignIn(page, "ada@example.com");
    await page.getByText("The server did not answer").waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Sign in");
    expect(await page.locator("[aria-invalid]").count()).toBe(0);
  });
});

describe("the keyboard", () => {
  it("is enough, and goes on where the page changed", async () => {
    const page = await openApp();
    await page.keyboard.press("Tab");
    await page.keyboard.type("nobody@example.com");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    const guest = page.getByRole("button", { name: "Continue as guest" });
    await guest.focus();
    await page.keyboard.press("Enter");
    await page.getByText("Nothing to do.").waitFor();
    expect(await place(page)).toEqual(["To-dos", "To-dos · To-do"]);
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
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("section");
  });
});
