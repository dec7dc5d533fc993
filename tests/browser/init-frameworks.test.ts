/**
 * `npx convex-gate init` on what the generators of frameworks with a server make: the app runs as `npm run dev` runs it,
 * and somebody signs up, in Chromium. The packages are those of this repository, so nothing is installed; the Convex CLI is
 * the real one, and the deployment is the local host.
 */
import type { ChildProcess } from "node:child_process";
import { execFile, spawn } from "node:child_process";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { generated } from "../cli/init/support/apps.js";
import type { Host } from "../host/index.js";
import { startHost } from "../host/index.js";
import { repository } from "./documents/pages.js";
import { freePort } from "./support/app.js";
import { useBrowser } from "./support/browser.js";

const run = promisify(execFile);
const program = join(repository, "dist/js/cli/main.js");
const bin = (name: string): string => join(repository, "node_modules/.bin", name);

const KITS = {
  next: { dev: ["next", "dev", "-p"], check: [["next", "typegen"], ["tsc"]] },
  start: { dev: ["vite", "dev", "--strictPort", "--port"], check: [["tsc"]] },
  sveltekit: {
    dev: ["vite", "dev", "--strictPort", "--port"],
    check: [["svelte-kit", "sync"], ["svelte-check"]],
  },
} as const;

const browser = useBrowser();

describe.each(Object.keys(KITS) as (keyof typeof KITS)[])("init on %s", { retry: 0 }, (name) => {
  const { dev, check } = KITS[name];
  const log: string[] = [];
  browser.keepOnFailure(`init-${name}.log`, () => log.join("\n"));
  let port: number;
  let origin: string;
  let host: Host;
  let app: string;
  let server: ChildProcess | undefined;

  beforeAll(async () => {
    port = await freePort();
    origin = `http://localhost:${String(port)}`;
    host = await startHost({ log: (line) => log.push(line) });
    const parent = join(repository, "tests/output/init", name);
    await rm(parent, { recursive: true, force: true });
    await mkdir(parent, { recursive: true });
    app = await generated(name, parent);
    await mkdir(join(app, "node_modules"));
    await symlink(repository, join(app, "node_modules/convex-gate"), "dir");
    // It writes for whatever platform it finds, and is not installed here.
    await mkdir(join(app, "node_modules/@sveltejs"));
    await symlink(
      join(repository, "node_modules/@sveltejs/adapter-node"),
      join(app, "node_modules/@sveltejs/adapter-auto"),
      "dir",
    );
    const manifest = JSON.parse(await readFile(join(app, "package.json"), "utf8")) as {
      dependencies?: object;
    };
    const installed = ["convex-gate", "better-auth", "convex", "convex-svelte"];
    const dependencies = Object.fromEntries(installed.map((each) => [each, "*"]));
    await writeFile(
      join(app, "package.json"),
      JSON.stringify({ ...manifest, dependencies: { ...manifest.dependencies, ...dependencies } }),
    );
  }, 60_000);
  afterAll(async () => {
    if (server?.pid !== undefined && server.exitCode === null) process.kill(-server.pid, "SIGKILL");
    await host?.close();
  });

  const env = (): Record<string, string | undefined> => ({
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    NEXT_TELEMETRY_DISABLED: "1",
    CONVEX_SELF_HOSTED_URL: host.url,
    CONVEX_SELF_HOSTED_ADMIN_KEY: host.adminKey,
  });

  async function init(): Promise<string> {
    const args = [program, "init", "--yes", "--app-url", origin];
    const { stdout, stderr } = await run(process.execPath, args, { cwd: app, env: env() });
    return stdout + stderr;
  }

  async function signUp(page: Page): Promise<void> {
    page.setDefaultTimeout(10_000);
    await page.goto(`${origin}/sign-in`);
    const isIn = page.getByText("Signed in as ada@example.com.");
    const isNew = page.getByRole("button", { name: "I am new here" });
    await isNew.or(isIn).waitFor();
    if (await isIn.isVisible()) return;
    await isNew.click();
    await page.getByPlaceholder("Name").fill("Ada");
    await page.getByPlaceholder("E-mail").fill("ada@example.com");
    await page.getByPlaceholder("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign up" }).click();
    await isIn.waitFor();
  }

  it("leads to a signed-in user, with nothing by hand", async () => {
    const from = Date.now();
    log.push(await init());
    const [command, ...args] = dev;
    server = spawn(bin(command), [...args, String(port)], { cwd: app, env: env(), detached: true });
    for (const stream of [server.stdout, server.stderr])
      stream?.on("data", (chunk: Buffer) => log.push(chunk.toString("utf8")));
    await expect
      .poll(
        () =>
          fetch(origin).then(
            () => true,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true);
    const { page, log: seen } = await browser.open(`${origin}/sign-in`);
    // Vite loads the page anew when it finds packages that it has not prepared yet, whatever has been typed.
    await vi.waitFor(() => signUp(page), { timeout: 90_000 });
    console.log(`note: init on ${name}: ${((Date.now() - from) / 1000).toFixed(0)} s`);
    await page.reload();
    await page.getByText("Signed in as ada@example.com.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByPlaceholder("E-mail").fill("ada@example.com");
    await page.getByPlaceholder("Password").fill("correct horse battery");
    await page.route("**/sign-in/email", (route) => route.abort());
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("The server did not answer. Please try again.").waitFor();
    expect(seen.pageErrors).toEqual([]);
  }, 120_000);

  it("leaves an app that its own type check passes, and changes nothing when it runs again", async () => {
    for (const [command, ...args] of check) {
      const outcome = run(bin(command), args, { cwd: app, env: env() });
      await outcome.catch(({ stdout }: { stdout: string }) => expect(stdout).toBe(""));
    }
    const said = await init();
    expect(said).not.toMatch(/^[+~!] /m);
    expect(said).not.toMatch(/^error/m);
  }, 120_000);
});
