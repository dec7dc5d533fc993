/**
 * `npx convex-gate init` on what create-vite makes, as the README has it: four commands to an app that people sign up to,
 * with the real npm, Convex CLI and Chromium. The deployment is the local host.
 */
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Host } from "../host/index.js";
import { startHost } from "../host/index.js";
import { startDeveloper } from "./documents/developer.js";
import type { Developer } from "./documents/developer.js";
import { stepsOf } from "./documents/pages.js";
import { useBrowser } from "./support/browser.js";

const browser = useBrowser();
const hostLog: string[] = [];
browser.keepOnFailure("host.log", () => hostLog.join("\n"));
let host: Host;
let developer: Developer;

beforeAll(async () => {
  host = await startHost({ log: (line) => hostLog.push(line) });
  developer = await startDeveloper(host);
}, 120_000);
afterAll(async () => {
  await developer?.leave();
  await host?.close();
});

/** All files of the app that are not installed or generated. */
function state(): Promise<string> {
  return developer.type(
    "find . -type f -not -path './node_modules/*' -not -path './dist/*' | sort | xargs sha256sum",
  );
}

async function variables(): Promise<Record<string, string | undefined>> {
  return parseEnv(await developer.type("npx convex env list --include-values"));
}

// What was done once cannot be done again: no second try.
describe("init", { retry: 0 }, () => {
  it("leads from create-vite to a signed-in user in four commands", async () => {
    const from = Date.now();
    await developer.follow(await stepsOf("README.md", "One command"));
    const { page, log } = await browser.open(developer.origin);
    await page.getByRole("button", { name: "I am new here" }).click();
    await page.getByPlaceholder("Name").fill("Ada");
    await page.getByPlaceholder("E-mail").fill("ada@example.com");
    await page.getByPlaceholder("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign up" }).click();
    // A query of the app's own says so, which only answers those who are signed in.
    await page.getByText("Signed in as ada@example.com.").waitFor();
    const seconds = ((Date.now() - from) / 1000).toFixed(0);
    const { commands, files } = developer.figures;
    console.log(`note: init: ${String(commands)} commands, ${String(files)} files, ${seconds} s`);
    expect({ commands, files }).toEqual({ commands: 4, files: 0 });
    await page.reload();
    await page.getByText("Signed in as ada@example.com.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByPlaceholder("E-mail").waitFor();
    expect([log.pageErrors, log.consoleErrors]).toEqual([[], []]);
  }, 240_000);

  it("has set a secret of 256 bits and the app's address, and has told nobody the secret", async () => {
    const { BETTER_AUTH_SECRET, SITE_URL, BETTER_AUTH_URL } = await variables();
    expect(SITE_URL).toBe(developer.origin);
    expect(BETTER_AUTH_URL).toBeUndefined();
    expect(Buffer.from(BETTER_AUTH_SECRET!, "base64url")).toHaveLength(32);
    expect(hostLog.join("\n")).not.toContain(BETTER_AUTH_SECRET);
  });

  it("leaves an app that the template's compiler builds", async () => {
    expect(await developer.type("npm run build")).toContain("built in");
  }, 60_000);

  it("changes nothing when it runs again, and doctor finds nothing", async () => {
    const before = [await state(), await variables()];
    const said = await developer.type("npx convex-gate init --yes");
    expect(said).not.toMatch(/^(error|unseen)/m);
    expect(said).not.toMatch(/^[+~!] /m);
    expect([await state(), await variables()]).toEqual(before);
  }, 60_000);
});
