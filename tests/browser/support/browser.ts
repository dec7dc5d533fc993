/** One Chromium a file, fresh contexts a test, and what is left of a test that failed. */
import { mkdir, writeFile } from "node:fs/promises";
import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { TestContext } from "vitest";
import { launchChromium } from "./chromium.js";
import type { PageLog } from "./page-log.js";
import { recordPage } from "./page-log.js";

const folder = fileURLToPath(new URL("../../output/screenshots", import.meta.url));

/** A page and what it did. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly log: PageLog;
}

/** The browser of a test file. */
export interface BrowserTests {
  /** Another person's browser, or device. It is closed after the test. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A recorded tab, in a new context unless one is given. Without an address it stays blank. */
  open(url?: string, context?: BrowserContext): Promise<Visit>;
  /** Loads a page and forgets it. */
  visitOnce(url: string): Promise<void>;
  /** A text that is kept beside the screenshot when a test fails, unless it is empty. */
  keepOnFailure(name: string, text: () => string): void;
}

/**
 * Starts Chromium for the tests of a file. A test that fails leaves screenshots, and traces where no other try follows: a
 * trace costs a tenth of a test. Its error names them.
 */
export function useBrowser(flags: readonly string[] = []): BrowserTests {
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  const kept: { name: string; text: () => string }[] = [];
  let isLastTry = false;
  beforeAll(async () => {
    browser = await launchChromium(flags);
  });
  afterAll(() => browser?.close());

  beforeEach(({ task }: TestContext) => {
    isLastTry = (task.result?.retryCount ?? 0) >= triesAgain(task);
  });
  afterEach(async ({ task }: TestContext) => {
    const open = contexts.splice(0);
    const files: string[] = [];
    if (task.result?.state === "fail") {
      await mkdir(folder, { recursive: true });
      const name = `${basename(task.file.name, ".test.ts")}-${task.name}`.replaceAll(/\W+/g, "-");
      files.push(...(await keepPages(open, `${folder}/${name}`, isLastTry)));
      for (const { name: file, text } of kept) {
        const said = text();
        if (said === "") continue;
        files.push(`${folder}/${name}.${file}`);
        await writeFile(files.at(-1)!, said);
      }
    }
    await Promise.all(open.map((context) => context.close()));
    if (files.length > 0)
      throw new Error(`kept: ${files.map((file) => relative(process.cwd(), file)).join(", ")}`);
  });

  async function newContext(options?: BrowserContextOptions): Promise<BrowserContext> {
    if (!browser) throw new Error("the browser is not started: use it in tests only");
    const context = await browser.newContext(options);
    contexts.push(context);
    if (isLastTry) await context.tracing.start({ snapshots: true });
    return context;
  }

  return {
    newContext,
    async open(url, within) {
      const context = within ?? (await newContext());
      const page = await context.newPage();
      const log = recordPage(page);
      if (url !== undefined) await page.goto(url);
      return { page, context, log };
    },
    async visitOnce(url) {
      const page = await browser!.newPage();
      await page.goto(url, { waitUntil: "networkidle" });
      await page.close();
    },
    keepOnFailure: (name, text) => void kept.push({ name, text }),
  };
}

/** How often a test is tried again. */
function triesAgain({ retry = 0 }: TestContext["task"]): number {
  return typeof retry === "number" ? retry : (retry.count ?? 0);
}

/** A screenshot a page, and where there are traces one a context, which `npx playwright show-trace` opens. */
async function keepPages(
  contexts: readonly BrowserContext[],
  path: string,
  areTraced: boolean,
): Promise<string[]> {
  const files: string[] = [];
  for (const [index, context] of contexts.entries()) {
    const name = index === 0 ? path : `${path}-${String(index + 1)}`;
    for (const [number, page] of context.pages().entries()) {
      const file = number === 0 ? `${name}.png` : `${name}-tab-${String(number + 1)}.png`;
      // A page that no longer answers must not hide why the test failed.
      const taken = page.screenshot({ path: file, timeout: 5_000 });
      if (await taken.catch(() => undefined)) files.push(file);
    }
    if (!areTraced) continue;
    await context.tracing.stop({ path: `${name}.zip` });
    files.push(`${name}.zip`);
  }
  return files;
}
