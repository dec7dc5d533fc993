/**
 * The README and the page on one origin, done word by word: create-vite's own template, the packed package, the real
 * Convex CLI, which pushes to the local host, the template's own compiler, and Chromium. What is not typed as it stands:
 * the versions that npm installs, the answers to its question and to that of the first `npx convex dev`, and the port,
 * where another program has it.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Host } from "../host/index.js";
import { startHost } from "../host/index.js";
import { startDeveloper } from "./documents/developer.js";
import type { Developer } from "./documents/developer.js";
import { stepsOf } from "./documents/pages.js";
import { useBrowser } from "./support/browser.js";
import { keysWithSession } from "./support/jar.js";
import { allow, github, standInForGithub } from "./two-origins/support/github.js";

const browser = useBrowser(["--test-third-party-cookie-phaseout"]);
const hostLog: string[] = [];
browser.keepOnFailure("host.log", () => hostLog.join("\n"));
let host: Host;
let developer: Developer;

beforeAll(async () => {
  host = await startHost({ log: (line) => hostLog.push(line), fetch: outside });
  developer = await startDeveloper(host);
}, 120_000);
afterAll(async () => {
  await developer?.leave();
  await host?.close();
});

/** GitHub is a stand-in; the deployment asks nobody else but itself. */
function outside(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const { hostname } = new URL(new Request(input, init).url);
  return hostname.endsWith("github.com") ? github(input, init) : fetch(input, init);
}

async function signUp(page: Page, email: string): Promise<void> {
  await page.getByRole("button", { name: "I am new here" }).click();
  await page.getByPlaceholder("Name").fill("Ada");
  await send(page, email, "Sign up");
}

async function send(page: Page, email: string, button: string): Promise<void> {
  await page.getByPlaceholder("E-mail").fill(email);
  await page.getByPlaceholder("Password").fill("correct horse battery");
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

async function addTodo(page: Page, text: string): Promise<void> {
  await page.getByPlaceholder("What is to be done?").fill(text);
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByText(text).waitFor();
}

/** Protected data, seen through a sign-up, a reload, a sign-out and a sign-in. */
async function firstDay(page: Page, email: string): Promise<void> {
  await signUp(page, email);
  await addTodo(page, "water the plants");
  await page.reload();
  await page.getByText("water the plants").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByPlaceholder("E-mail").waitFor();
  await send(page, email, "Sign in");
  await page.getByText("water the plants").waitFor();
}

/** Faults that doctor finds, other than in how a backend of one's own is asked for its keys. */
async function faults(): Promise<string[]> {
  const report = await developer.type("npx convex-gate doctor");
  const lines = report.split("\n").filter((line) => /^(error|warning|unseen)/.test(line));
  return lines.filter((line) => !line.includes("SELF_HOSTED"));
}

// What was done once cannot be done again: no second try.
describe("the README", { retry: 0 }, () => {
  it("leads from an empty folder to an app that people sign up to", async () => {
    const from = Date.now();
    await developer.follow(stepsOf("README.md", "Set up"));
    const { page, log } = await browser.open(developer.origin);
    await firstDay(page, "ada@example.com");
    expect(log.pageErrors).toEqual([]);
    expect(log.consoleErrors).toEqual([]);
    const { commands, files } = developer.figures;
    const seconds = ((Date.now() - from) / 1000).toFixed(0);
    console.log(`note: README: ${String(commands)} commands, ${String(files)} files, ${seconds} s`);
    expect({ commands, files }).toEqual({ commands: 8, files: 10 });
  }, 240_000);

  it("shows a wrong password as text, in the same form", async () => {
    const { page } = await browser.open(developer.origin);
    await page.getByPlaceholder("E-mail").fill("ada@example.com");
    await page.getByPlaceholder("Password").fill("wrong horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect(await page.getByRole("alert").textContent()).toBe("Invalid email or password");
    expect(await page.getByPlaceholder("E-mail").inputValue()).toBe("ada@example.com");
  });

  it("says so where there is no network", async () => {
    const { page } = await browser.open(developer.origin);
    await page.route("**/sign-in/email", (route) => route.abort());
    await page.getByPlaceholder("E-mail").fill("ada@example.com");
    await page.getByPlaceholder("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("did not answer");
  });

  it("ends in a set-up without a fault, which builds with the template's compiler", async () => {
    expect(await faults()).toEqual([]);
    expect(await developer.type("npm run build")).toContain("built in");
  });

  it("goes on with plugins, keys and the page on clients, whose code compiles", async () => {
    for (const section of ["Plugins", "Keys"])
      await developer.follow(stepsOf("README.md", section));
    await developer.type("npx convex-gate keys rotate --deployment");
    await developer.follow(stepsOf("docs/client.md"));
    await developer.type("npm run build");
  }, 120_000);

  it("has TypeScript only in blocks that name their files, all of which were written", () => {
    const written = ["Set up", "Plugins", "Keys"].flatMap((each) => stepsOf("README.md", each));
    expect(stepsOf("README.md")).toEqual(expect.arrayContaining(written));
    const files = stepsOf("README.md").filter(({ kind }) => kind === "file");
    expect(files.length).toBe(written.filter(({ kind }) => kind === "file").length);
  });
});

describe("one origin", { retry: 0 }, () => {
  it("keeps the session in a cookie of the browser's own, through a reload, a sign-out and a sign-in", async () => {
    // The page on clients has a native app, which is of two origins: doctor would say that the deployment lacks its half.
    await developer.type("rm src/lib/native-auth-client.ts src/lib/deep-links.ts");
    await developer.follow(stepsOf("docs/one-origin.md", "What changes"));
    await developer.follow(stepsOf("docs/one-origin.md", "Vite"));
    const { page, context, log } = await browser.open(developer.origin);
    const asked = new Set<string>();
    page.on("request", (request) => asked.add(new URL(request.url()).origin));
    await firstDay(page, "grace@example.com");
    const cookies = await context.cookies();
    expect(cookies.find(({ name }) => name === "better-auth.session_token")).toMatchObject({
      domain: "localhost",
      httpOnly: true,
      sameSite: "Lax",
    });
    expect(await keysWithSession(page)).toEqual([]);
    expect([...asked]).not.toContain(host.siteUrl);
    expect(log.pageErrors).toEqual([]);
  }, 120_000);

  it("leads back from a provider to the app's own address", async () => {
    await developer.edit("convex/auth.ts", (text) =>
      text.replace(
        "emailAndPassword:",
        'socialProviders: { github: { clientId: "app", clientSecret: "secret" } },\n    emailAndPassword:',
      ),
    );
    await developer.edit("src/SignIn.tsx", (text) =>
      text.replace(
        "    </form>",
        '      <button type="button" onClick={() => authClient.signIn.social({ provider: "github", callbackURL: "/" })}>GitHub</button>\n    </form>',
      ),
    );
    const context = await browser.newContext();
    await standInForGithub(context);
    const { page, log } = await browser.open(developer.origin, context);
    await page.getByRole("button", { name: "GitHub" }).click();
    await page.getByLabel("Account").waitFor();
    expect(new URL(page.url()).searchParams.get("redirect_uri")).toBe(
      `${developer.origin}/api/auth/callback/github`,
    );
    await allow(page, "linus@example.com");
    await addTodo(page, "mow the lawn");
    await page.reload();
    await page.getByText("mow the lawn").waitFor();
    expect(page.url()).toBe(`${developer.origin}/`);
    expect(log.pageErrors).toEqual([]);
  });

  it("is seen by doctor, which asks the app whether it passes requests on", async () => {
    expect(await faults()).toEqual([]);
    const report = await developer.type("npx convex-gate doctor");
    expect(report).toContain(`ONE_ORIGIN: ${developer.origin} passes requests on`);
    expect(report).toContain("BETTER_AUTH_URL: is not set: it is SITE_URL");
  });
});
