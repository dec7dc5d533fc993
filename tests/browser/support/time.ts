/** Time that passes without being waited for: the clocks of the page and of the host run ahead together. */
import type { BrowserContext, Request } from "playwright-core";
import { afterEach } from "vitest";
import type { BrowserTests, Visit } from "./browser.js";
import { openFixture } from "./fixture.js";

/** Small beside the seconds for which tokens live: an answer comes after the step in which it was asked for. */
const STEP_MS = 1_000;
/** What a timer began has asked for what it needs by then. */
const ASKED_MS = 15;
const LONGEST_ANSWER_MS = 2_000;

/** The time of a test. After it the host has the time that it is. */
export interface TestTime {
  /** Opens the fixture in a tab whose timers wait for this time to pass. */
  open(browser: BrowserTests, url: string): Promise<Visit>;
  /** Lets so many seconds pass, in steps: what was asked for in one is answered before the next. */
  pass(context: BrowserContext, seconds: number): Promise<void>;
  /** Lets time pass until something is so. Throws after as many seconds as a patient person would wait. */
  passUntil(context: BrowserContext, isSo: () => Promise<boolean> | boolean): Promise<void>;
  /** Lets the host's clock alone run ahead. */
  advanceHost(ms: number): void;
}

const MOST_MS = 60_000;

/** Gives the tests of a file their time. The host runs in this process: its functions ask this very `Date.now`. */
export function useTime(): TestTime {
  const { now } = Date;
  /** What pages asked for and have no answer to. */
  const pending = new WeakMap<BrowserContext, Set<Request>>();
  afterEach(() => {
    Date.now = now;
  });

  function advanceHost(ms: number): void {
    const before = Date.now;
    Date.now = () => before() + ms;
  }

  async function step(context: BrowserContext): Promise<void> {
    advanceHost(STEP_MS);
    await context.clock.runFor(STEP_MS);
    let waited = 0;
    do {
      await new Promise((resolve) => setTimeout(resolve, ASKED_MS));
      waited += ASKED_MS;
    } while ((pending.get(context)?.size ?? 0) > 0 && waited < LONGEST_ANSWER_MS);
  }

  return {
    async open(browser, url) {
      const context = await browser.newContext();
      await context.clock.install();
      const asked = new Set<Request>();
      pending.set(context, asked);
      context.on("request", (request) => asked.add(request));
      context.on("requestfinished", (request) => asked.delete(request));
      context.on("requestfailed", (request) => asked.delete(request));
      return openFixture(browser, url, context);
    },
    async pass(context, seconds) {
      for (let passed = 0; passed < seconds * 1_000; passed += STEP_MS) await step(context);
    },
    async passUntil(context, isSo) {
      for (let passed = 0; !(await isSo()); passed += STEP_MS) {
        if (passed >= MOST_MS) throw new Error(`not so after ${String(MOST_MS)} ms`);
        await step(context);
      }
    },
    advanceHost,
  };
}
