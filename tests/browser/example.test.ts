/** The example app in a real browser, against the local host, as a person would use it. */
import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { ViteDevServer } from "vite";
import { createServer } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startLocalDeployment } from "../e2e/local-deployment.js";
import type { Host } from "../host/index.js";
import { bundleApp } from "../host/index.js";
import { launchChromium } from "./chromium.js";

const exampleFolder = fileURLToPath(new URL("../../examples/react", import.meta.url));
const screenshots = fileURLToPath(new URL("../output/screenshots", import.meta.url));
const password = "correct horse battery staple";

let origin: string;
let host: Host;
let app: ViteDevServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let requests: string[];
let errors: string[];
let people = 0;

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${String(port)}`;
  host = await startLocalDeployment({ pushRequest: await bundleApp(exampleFolder), origin });
  process.env["VITE_CONVEX_URL"] = host.url;
  process.env["VITE_CONVEX_SITE_URL"] = host.siteUrl;
  app = await createServer({
    root: exampleFolder,
    server: { port, strictPort: true, host: "localhost" },
    logLevel: "error",
  });
  await app.listen();
  browser = await launchChromium();
  // The first visit makes Vite bundle the app's packages and reload the page, which no test should meet.
  const visit = await browser.newContext();
  const first = await openPage(visit);
  await first.getByRole("form", { name: "Sign in" }).waitFor();
  await first.waitForLoadState("networkidle");
  await visit.close();
});
afterAll(async () => {
  await Promise.all([browser?.close(), app?.close(), host?.close()]);
});

beforeEach(async () => {
  context = await browser.newContext();
  page = await openPage(context);
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") {
    await mkdir(screenshots, { recursive: true });
    await page.screenshot({ path: `${screenshots}/${task.name.replaceAll(/\W+/g, "-")}.png` });
  }
  await context.close();
});

/** A port that was free a moment ago: the deployment must know the app's origin before the app runs. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createTcpServer();
    server.once("error", reject);
    server.listen(0, "localhost", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function openPage(within: BrowserContext): Promise<Page> {
  const opened = await within.newPage();
  requests = [];
  errors = [];
  opened.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/auth/")) requests.push(pathname.slice("/api/auth".length));
  });
  opened.on("pageerror", (error) => errors.push(error.message));
  await opened.goto(origin);
  return opened;
}

async function signUp(): Promise<void> {
  people += 1;
  await page.getByRole("button", { name: "I am new here" }).click();
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("E-mail").fill(`ada${String(people)}@example.com`);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByText("Signed in as Ada").waitFor();
}

async function addTodo(text: string): Promise<void> {
  await page.getByPlaceholder("What is to be done?").fill(text);
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByText(text).waitFor();
}

describe("the example app", () => {
  it("signs up, keeps a to-do through a reload, signs out and in again", async () => {
    await signUp();
    await addTodo("write the README");
    await page.reload();
    await page.getByText("write the README").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("form", { name: "Sign in" }).waitFor();
    await page.getByLabel("E-mail").fill(`ada${String(people)}@example.com`);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByText("write the README").waitFor();
    expect(errors).toEqual([]);
  });

  it("asks once for the session and once for a token when a signed-in page loads", async () => {
    await signUp();
    await page.waitForLoadState("networkidle");
    requests.length = 0;
    await page.reload();
    await page.getByText("Signed in as Ada").waitFor();
    await page.getByText("Nothing to do.").waitFor();
    expect(requests.sort()).toEqual(["/convex/token", "/get-session"]);
  });

  it("notices at once that its session was revoked elsewhere", async () => {
    await signUp();
    await page.getByText("Nothing to do.").waitFor();
    const cookies = await page.evaluate(() => localStorage.getItem("better-auth_cookies"));
    const kept = JSON.parse(cookies ?? "{}") as Record<string, { value: string }>;
    const cookie = Object.entries(kept)
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ");
    await fetch(`${host.siteUrl}/api/auth/sign-out`, {
      method: "POST",
      headers: { origin, "content-type": "application/json", cookie },
      body: "{}",
    });
    await page.getByRole("form", { name: "Sign in" }).waitFor();
    expect(await page.getByText("Nothing to do.").count()).toBe(0);
  });
});
